/** Voices that the node makes or changes: silence for one who listens, and voices of equal length. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { silentWav } from '../unit/tracks/support/silence';
import { refused } from './support/cases';
import { file, pair, sha256, type TestFile } from './support/files';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

/** A sound of that length. */
function sound(seconds: number): TestFile {
	const content = silentWav(seconds).fill(1, 44);
	return file(`sound-${seconds}.wav`, 'audio/wav', content);
}

/** Inputs with voices of these lengths. */
function itemWith(left: number, right: number) {
	return { files: { image: pair, left_audio: sound(left), right_audio: sound(right) } };
}

const items = [itemWith(4.256, 6.5)];

function silence(value = ''): INodeParameters {
	return { __rl: true, mode: 'silence', value };
}

/** What the last job got for the left and the right voice. */
function voicesSent() {
	const inputs = emulator.predictions().at(-1)?.inputs;
	const find = (address: string | undefined) =>
		emulator.uploads().find(({ downloadUrl }) => downloadUrl === address);
	return { left: find(inputs?.left_audio), right: find(inputs?.right_audio) };
}

describe('Silence', () => {
	it.each([
		['meanwhile', { rightAudio: silence() }, 4.256, 4.26, 4.26],
		['meanwhile', { leftAudio: silence('left_audio') }, 6.5, 6.5, 6.5],
		['left_right', { rightAudio: silence() }, 4.256, 1, 5.26],
		['right_left', { leftAudio: silence() }, 1, 6.5, 7.5],
	] as const)(
		'%s with %j: the voices last %d s and %d s, the video %d s',
		async (order, given, left, right, video) => {
			const parameters = { ...given, order };

			const execution = await engine.run({ items, parameters });

			const sent = voicesSent();
			expect([sent.left?.seconds, sent.right?.seconds]).toEqual([left, right]);
			expect(execution.good[0]?.json).toMatchObject({ duration_s: video });
			expect(emulator.uploads().map(({ fileName }) => fileName)).toContain('silence.wav');
			expect(execution.hints).not.toMatch(/lasts|at the same time/);
		},
	);

	it('ignores what another mode has left in the field', async () => {
		const left = "={{ $('Nowhere').item.binary.data }}";

		const execution = await engine.run({ items, parameters: { rightAudio: silence(left) } });

		expect(execution.failure).toBeUndefined();
	});

	it('of one length goes up once', async () => {
		const both = [itemWith(9, 2), itemWith(9, 1)];

		await engine.run({ items: both, parameters: { rightAudio: silence() } });

		const names = emulator.uploads().map(({ fileName }) => fileName);
		expect(names.filter((name) => name === 'silence.wav')).toHaveLength(1);
	});
});

describe('Both at the Same Time', () => {
	it('pads the shorter voice, and the job is that of the padded one', async () => {
		const again = { items, parameters: { options: { seed: undefined } } };

		const execution = await engine.run(again);

		const { left, right } = voicesSent();
		expect(left).toMatchObject({ seconds: 6.5, fileName: 'sound-4.256.wav' });
		const padded = silentWav(6.5).fill(1, 44, sound(4.256).content.length);
		expect(left?.sha256).toBe(sha256(padded));
		expect(right?.sha256).toBe(sha256(sound(6.5).content));
		expect(execution.good[0]?.json).toMatchObject({ duration_s: 6.5, reused: false });
		expect(execution.hints).toContain('Silence is added to the shorter one');

		const files = { image: pair, left_audio: file('x.wav', 'audio/wav', padded) };
		const byHand = { files: { ...files, right_audio: sound(6.5) } };
		const same = await engine.run({ ...again, items: [byHand] });

		expect(same.good[0]?.json).toMatchObject({ reused: true });
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
	});
});

it.each(['filesystem', 'memory'] as const)(
	'made files go up again after connections that broke, by ticket and in one step (%s)',
	async (binaryData) => {
		emulator.faults.add({ on: 'put', times: 3, do: 'reset' });
		const silent = await engine.run({ items, binaryData, parameters: { rightAudio: silence() } });
		emulator.faults.add({ on: 'ticket', times: 'always', do: refused(404, 'No tickets') });
		emulator.faults.add({ on: 'oneStep', times: 3, do: 'reset' });
		const even = await engine.run({ items, binaryData });

		expect([silent.failure, even.failure]).toEqual([undefined, undefined]);
		const seconds = emulator.uploads().map((upload) => upload.seconds);
		expect(seconds.filter(Boolean).sort()).toEqual([4.256, 4.26, 6.5, 6.5]);
	},
);
