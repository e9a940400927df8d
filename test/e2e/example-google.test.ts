import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IDataObject } from 'n8n-workflow';
import { binaryOf, itemsOf } from '../testbed/n8n';
import { loadExample, runFrom } from './support/examples';
import { startGoogle, withGoogleStub, type Google } from './stubs/google';
import { expectUploaded } from './support/uploads';
import { fixture, sha256 } from '../testbed/fixtures';
import { useTestbed } from '../testbed/jest/use-testbed';

const testbed = useTestbed();
const { client, emulator } = testbed;

let google: Google;

beforeAll(async () => {
	google = await startGoogle();
});

afterAll(async () => {
	await google?.close();
});

describe('Google Drive to YouTube, with HTTP requests in the place of the Google nodes', () => {
	it('gives the files to the video node and the video to both places', async () => {
		emulator.setOptions({ jobSeconds: 0 });
		const flow = withGoogleStub(await loadExample(testbed, 'google-drive-to-youtube'), google, {
			Picture: 'pair.png',
			'Left voice': 'left-voice.wav',
			'Right voice': 'right-voice.wav',
		});
		const ended = await runFrom(testbed, flow, "When clicking 'Execute workflow'");
		expect(emulator.predictions()).toMatchObject([{ inputs: { order: 'left_right' } }]);
		expectUploaded(emulator);
		const binary = binaryOf(itemsOf(ended, 'Make the video')[0], 'data');
		const video = await client.download(binary.id ?? '');
		expect(google.saved).toEqual(new Map([[binary.fileName, video]]));
		expect(google.videos).toEqual(new Map([['Two people talk', video]]));
	});
});

describe('Google Sheet rows, with HTTP requests in the place of the Google nodes', () => {
	/** A row as its owner makes it, with the cells that the workflow fills in still empty. */
	const row = (cells: Record<string, unknown> = {}): IDataObject => ({
		image_url: `${emulator.origins.web}/pair.png`,
		left_audio_url: `${emulator.origins.web}/left-voice.wav`,
		right_audio_url: `${emulator.origins.web}/right-voice.wav`,
		job_id: '',
		status: '',
		video: '',
		problem: '',
		...cells,
	});
	const run = async (trigger: string) => {
		const example = await loadExample(testbed, 'sheet-submit-and-collect');
		await runFrom(testbed, withGoogleStub(example, google), trigger);
	};
	const submit = async () => await run('Submit new rows');
	const collect = async () => await run('Every 10 minutes');

	it('submits new rows once and collects what has ended, each in its row', async () => {
		google.saved.clear();
		google.rows.splice(0);
		const done = row({ job_id: 'a'.repeat(32), status: 'completed', video: 'https://x.example' });
		const empty = row({ image_url: '' });
		const broken = row({ image_url: 'file:///pair.png' });
		const picture = fixture('pair.png');
		const content = Buffer.concat([picture.content, Buffer.from('other')]);
		const other = row({ image_url: emulator.host('other.png', { ...picture, content }) });
		google.rows.push(done, row(), empty, broken, other);
		// Rows are submitted together, so their jobs arrive in any order.
		emulator.scriptJob({
			when: ({ body }) => pictureOf(body.image) === sha256(content),
			seconds: 'never',
			end: { status: 'failed', code: 1403, error: 'The voice is silent' },
		});
		emulator.scriptJob({ seconds: 'never' });

		const pictureOf = (url: unknown) =>
			emulator.uploads().find(({ downloadUrl }) => downloadUrl === url)?.sha256;
		await submit();
		const jobOf = (image: Buffer) =>
			emulator.predictions().find(({ inputs }) => pictureOf(inputs.image) === sha256(image))?.id;
		const open = { status: expect.stringMatching(/created|processing/), video: '', problem: '' };
		expect(google.rows).toEqual([
			done,
			row({ ...open, job_id: jobOf(picture.content) }),
			empty,
			{ ...broken, status: 'see problem', problem: expect.stringContaining('Image') },
			{ ...other, ...open, job_id: jobOf(content) },
		]);

		await submit();
		expect(emulator.predictions()).toHaveLength(2);

		const before = structuredClone(google.rows);
		await collect();
		expect(google.rows).toEqual(before);
		expect(emulator.requestsTo('result')).not.toHaveLength(0);

		await emulator.finishAll();
		await collect();
		const link = 'https://drive.google.com/file/d/id-of-row-3.mp4/view';
		expect(google.rows[1]).toMatchObject({ status: 'completed', video: link, problem: '' });
		expect([...google.saved.keys()]).toEqual(['row-3.mp4']);
		expect(google.rows[4]).toMatchObject({
			status: 'failed',
			video: '',
			problem: expect.stringContaining('The voice is silent'),
		});

		const asked = emulator.requestsTo('result').length;
		await collect();
		expect(emulator.requestsTo('result')).toHaveLength(asked);
	});

	it('keeps a job open whose result cannot be read, and closes one that is gone', async () => {
		const lost = row({ job_id: 'b'.repeat(32), status: 'processing' });
		google.rows.splice(0, Infinity, lost);
		emulator.faults.add({
			on: 'result',
			times: 1,
			do: { respond: { status: 401, body: { code: 401, message: 'Unauthorized' } } },
		});
		await collect();
		expect(google.rows[0]).toMatchObject({ status: 'unknown' });
		await collect();
		expect(google.rows[0]).toMatchObject({ status: 'gone', job_id: lost.job_id });
		expect(google.rows[0]?.problem).toContain(lost.job_id);
		const asked = emulator.requestsTo('result').length;
		await collect();
		expect(emulator.requestsTo('result')).toHaveLength(asked);
	});
});
