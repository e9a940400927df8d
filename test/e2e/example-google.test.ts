/** The examples with Google's services, with HTTP requests in the place of Google's nodes. */
import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { fixture, ROOT, sha256, type WorkflowJson } from '../testbed';
import { startGoogle, useGoogleStub, type Google } from './stubs/google';
import { useExamples } from './support/examples';
import { expectUploaded } from './support/uploads';

const examples = useExamples();
const { emulator } = examples;

it('Google Drive to YouTube: the files come from one place, and the video goes to both', async () => {
	emulator.setOptions({ jobSeconds: 0 });
	const google = await examples.using(startGoogle());
	const files = {
		Picture: 'pair.png',
		'Left voice': 'left-voice.wav',
		'Right voice': 'right-voice.wav',
	};
	const ended = await examples.run('google-drive-to-youtube', {
		edit: (example) => useGoogleStub(example, google, files),
	});
	expect(emulator.predictions()).toMatchObject([{ inputs: { order: 'left_right' } }]);
	expectUploaded(emulator);
	const { fileName, content } = await examples.videoOf(ended);
	expect(google.saved).toEqual(new Map([[fileName, content]]));
	expect(google.videos).toEqual(new Map([['Two people talk', content]]));
});

/** A row as its owner makes it, with the cells that the workflow fills in still empty. */
const row = (cells: IDataObject = {}): IDataObject => ({
	image_url: `${emulator.origins.web}/pair.png`,
	left_audio_url: `${emulator.origins.web}/left-voice.wav`,
	right_audio_url: `${emulator.origins.web}/right-voice.wav`,
	...{ job_id: '', status: '', video: '', problem: '' },
	...cells,
});

async function run(google: Google, trigger: 'Submit new rows' | 'Every 10 minutes'): Promise<void> {
	const edit = (example: WorkflowJson) => {
		// Its user activates the schedule, which the editor's button would start first.
		for (const node of example.nodes) node.disabled = false;
		useGoogleStub(example, google);
	};
	await examples.run('sheet-submit-and-collect', { edit }, trigger);
}

it('Google Sheet rows: the editor starts the trigger that submits new rows', () => {
	const file = path.join(ROOT, 'examples', 'sheet-submit-and-collect.json');
	const { nodes } = JSON.parse(readFileSync(file, 'utf8')) as WorkflowJson;
	const triggers = nodes.filter(({ type, disabled }) => /trigger/i.test(type) && !disabled);
	expect(triggers.map(({ name }) => name)).toEqual(['Submit new rows']);
});

it('Google Sheet rows: submits new rows once and collects what has ended, each in its row', async () => {
	const google = await examples.using(startGoogle());
	const submit = async () => await run(google, 'Submit new rows');
	const collect = async () => await run(google, 'Every 10 minutes');
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

it('Google Sheet rows: keeps a job open whose result cannot be read, and closes one that is gone', async () => {
	const lost = row({ job_id: 'b'.repeat(32), status: 'processing' });
	const google = await examples.using(startGoogle());
	const collect = async () => await run(google, 'Every 10 minutes');
	google.rows.push(lost);
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
