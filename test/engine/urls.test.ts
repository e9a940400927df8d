/** Media by URL: fetched by the node before anything is sent, and files of the run from then on. */
import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import type { FaultAction } from '../emulator/faults';
import { rowsOf, sentDigests, TO_ERROR_OUTPUT } from './support/cases';
import { mediaFixtures, ownMediaFixtures, pair, sha256 } from './support/files';
import { useEngine } from './support/testbed';
import { time } from './support/time';
import { byUrl, fromUrl } from './support/workflow';

const { emulator, engine } = useEngine();

/** That WaveSpeed has seen nothing. */
function expectNothingSent(): void {
	const origins = emulator.requests.map(({ origin }) => origin);
	expect(origins.filter((origin) => origin !== 'web')).toEqual([]);
}

describe.each(['filesystem', 'memory'] as const)('files in the mode %s', (binaryData) => {
	it('are fetched once for all items, and uploaded', async () => {
		const execution = await engine.run({
			items: [{}, {}, {}],
			parameters: byUrl(emulator),
			binaryData,
		});

		expect(execution.good).toHaveLength(3);
		expect(emulator.requestsTo('web')).toHaveLength(3);
		expect(sentDigests(emulator)).toEqual(
			Object.values(mediaFixtures).map(({ content }) => sha256(content)),
		);
	});
});

it('lengths, silence beside a URL and prices are as with files', async () => {
	const { image, leftAudio } = byUrl(emulator);
	const rightAudio = { __rl: true, mode: 'silence', value: '' };
	const parameters = { image, leftAudio, rightAudio };

	const made = await engine.run({ items: [{}], parameters });
	expect(made.good[0]?.json).toMatchObject({ duration_s: 3.69 });

	const priced = await engine.run({
		items: [{}],
		parameters: { ...parameters, operation: 'getPrice' },
	});
	expect(priced.good[0]?.json).toMatchObject({ duration_s: 3.69 });
});

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
	it.each<[string, FaultAction, string]>([
		['403', { respond: { status: 403 } }, 'HTTP 403'],
		['a page', { respond: { status: 200, body: page } }, 'a web page (HTML)'],
		['nothing', { respond: { status: 200 } }, 'an empty file'],
		[
			'a redirect to metadata',
			{ respond: { status: 302, headers: { location: 'http://169.254.169.254/latest' } } },
			'a private network',
		],
	])('by %s is refused before anything is sent', async (_name, fault, message) => {
		emulator.faults.add({ on: 'web', do: fault });
		const { leftAudio } = byUrl(emulator);

		const execution = await engine.run({ parameters: { leftAudio } });

		expect(execution.error.message).toContain('Left Audio: ');
		expect(execution.error.message).toContain(message);
		expectNothingSent();
	});

	it.each<[string, FaultAction]>([
		['stalls', 'stall'],
		['drips', { slow: { bytesPerSecond: 2_000 } }],
		['always breaks', 'cutBody'],
	])('as it %s is given up', async (_name, fault) => {
		time.limitsPass = true;
		emulator.faults.add({ on: 'web', times: 'always', do: fault });
		const { leftAudio } = byUrl(emulator);

		const execution = await engine.run({ parameters: { leftAudio } });

		expect(execution.error.message).toContain('could not be fetched');
		expect(emulator.requestsTo('web')).toHaveLength(3);
		expectNothingSent();
	});

	it('as it does not end is refused at 200 MiB', async () => {
		const piece = Buffer.alloc(1024 * 1024, 'RIFF');
		const content = () =>
			Readable.from(
				(function* () {
					for (;;) yield piece;
				})(),
			);
		const leftAudio = fromUrl(emulator.host('endless.wav', { content }));

		const execution = await engine.run({ parameters: { leftAudio } });

		expect(execution.error.message).toContain('too large: the limit is 200 MiB');
		expect(emulator.requestsTo('web')).toHaveLength(1);
		expectNothingSent();
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
