/** Media by URL: fetched by the node before anything is sent, and files of the run from then on. */
import { describe, expect, it } from '@jest/globals';
import type { FaultAction } from '../emulator/faults';
import { rowsOf, sentDigests, TO_ERROR_OUTPUT } from './support/cases';
import { MEDIA_DIGESTS, ownMediaFixtures, pair } from './support/files';
import { useEngine } from './support/testbed';
import { time } from './support/time';
import { byUrl, fromField, fromUrl } from './support/workflow';

const { emulator, engine } = useEngine();

it.each(['filesystem', 'memory'] as const)(
	'are fetched once for all items, in the mode File, too, and uploaded (%s)',
	async (binaryData) => {
		const { image, leftAudio, rightAudio } = byUrl(emulator, '?sig=1&x=2');

		const execution = await engine.run({
			items: Array(3).fill({ json: { image: image.value } }),
			parameters: {
				image: fromUrl('={{ $json.image }}'),
				leftAudio: fromField(leftAudio.value),
				rightAudio: fromUrl(`  ${rightAudio.value}\n`),
			},
			binaryData,
		});

		expect(execution.good).toHaveLength(3);
		const queries = emulator.requestsTo('web').map(({ query }) => query);
		expect(queries).toEqual(Array(3).fill({ sig: '1', x: '2' }));
		expect(sentDigests(emulator)).toEqual(MEDIA_DIGESTS);
		expect(JSON.stringify(emulator.requestsTo('submit'))).not.toContain('sig=1');
	},
);

it('a loop fetches again in each of its runs, since an address may change', async () => {
	const pictures = [pair, ownMediaFixtures('other').image];
	const url = emulator.host('changing.png', { content: () => pictures.shift()!.content });

	const execution = await engine.run({ loops: 2, parameters: { image: fromUrl(url) } });

	expect(execution.failure).toBeUndefined();
	expect(emulator.requestsTo('web')).toHaveLength(2);
	expect(emulator.uploads()).toHaveLength(4);
});

describe('an address that gives no file', () => {
	const page = '<html><head><title>Sign in</title></head></html>';
	it.each<[string, FaultAction, string, number?]>([
		['403', { respond: { status: 403 } }, 'HTTP 403'],
		['a page', { respond: { status: 200, body: page } }, 'a web page (HTML)'],
		['nothing', { respond: { status: 200 } }, 'an empty file'],
		[
			'a redirect to metadata',
			{ respond: { status: 302, headers: { location: 'http://169.254.169.254/latest' } } },
			'a private network',
		],
		['a stall', 'stall', 'could not be fetched', 3],
		['drips', { slow: { bytesPerSecond: 2_000 } }, 'could not be fetched', 3],
		['transfers that always break', 'cutBody', 'could not be fetched', 3],
	])('by %s is refused before anything is sent', async (_name, fault, message, times = 1) => {
		time.limitsPass = true;
		emulator.faults.add({ on: 'web', times: 'always', do: fault });
		const { leftAudio } = byUrl(emulator);

		const execution = await engine.run({ parameters: { leftAudio } });

		expect(execution.error.message).toContain('Left Audio: ');
		expect(execution.error.message).toContain(message);
		expect(emulator.requestsTo('web')).toHaveLength(times);
		// WaveSpeed has seen nothing.
		expect(emulator.requests).toHaveLength(times);
	});

	it('fails its own item only when the node continues on fail', async () => {
		const urls = [`${emulator.origins.web}/gone.png`, byUrl(emulator).image.value];

		const execution = await engine.run({
			items: rowsOf(...urls.map((url) => ({ url }))),
			parameters: { image: fromUrl('={{ $json.url }}') },
			node: TO_ERROR_OUTPUT,
		});

		expect([execution.good.length, execution.bad.length]).toEqual([1, 1]);
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
	});
});
