import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { decodeSound, heard } from '../fixtures/sound';
import { itemsOf } from '../testbed/n8n';
import { loadExample, nodeOf, readdress, runFrom } from './support/examples';
import { startSpeech, type Speech } from './stubs/web-services';
import { useTestbed } from '../testbed/jest/use-testbed';

interface Dialogue {
	left_voice_id: string;
	right_voice_id: string;
	exchanges: Array<{ begins: 'left' | 'right'; left: string; right: string }>;
}

const SPEECH_KEY = `sk_${randomUUID()}`;
/** The sounds of the voices, in Hz. */
const LEFT = 440;
const RIGHT = 1_300;

const testbed = useTestbed({ emulator: { jobSeconds: 0, render: 'video' } });
const { client, emulator } = testbed;

let speech: Speech | undefined;

afterAll(async () => {
	await speech?.close();
});

it('podcast dialogue: a clip for each exchange, in order, with the right beginner', async () => {
	const header = { name: 'xi-api-key', value: SPEECH_KEY };
	const example = await loadExample(testbed, 'podcast-dialogue', [
		await client.createCredential('httpHeaderAuth', header),
	]);
	const text = String(nodeOf(example, 'Dialogue').parameters.jsonOutput);
	const { left_voice_id, right_voice_id, exchanges } = JSON.parse(text) as Dialogue;
	speech = await startSpeech(SPEECH_KEY, {
		[left_voice_id]: 'left-tone.wav',
		[right_voice_id]: 'right-tone.wav',
	});
	// The first job is the last one to end.
	emulator.scriptJob({ statuses: ['processing', 'processing'] });
	const flow = readdress(example, 'https://api.elevenlabs.io', speech.url);
	const ended = await runFrom(testbed, flow, "When clicking 'Execute workflow'");

	expect(new Set(exchanges.map(({ begins }) => begins))).toEqual(new Set(['left', 'right']));
	// n8n begins a request each second and awaits none: on a busy machine a later one may arrive first.
	const spoken = (lines: ReadonlyArray<{ text: string }>) => lines.map(({ text }) => text).sort();
	const lines = speech.lines();
	for (const [voice, side] of [
		[left_voice_id, 'left'],
		[right_voice_id, 'right'],
	] as const) {
		const wanted = exchanges.map((exchange) => ({ text: exchange[side] }));
		expect(spoken(lines.filter((line) => line.voice === voice))).toEqual(spoken(wanted));
	}
	const names = exchanges.map((_exchange, index) => `clip-0${index + 1}.mp4`);
	const clips = itemsOf(ended, 'Make the clips');
	expect(clips.map(({ binary }) => binary?.data?.fileName)).toEqual(names);
	// Each voice always makes the same sound here, and equal exchanges share a job.
	const distinct = new Set(exchanges.map(({ begins }) => begins)).size;
	expect(emulator.billing()).toMatchObject({ submitted: distinct });
	for (const [index, { begins }] of exchanges.entries()) {
		const sound = await decodeSound(path.join(testbed.files, names[index] ?? ''));
		const left = heard(sound, LEFT);
		const right = heard(sound, RIGHT);
		const [first, second] = begins === 'left' ? [left, right] : [right, left];
		expect(first?.from).toBeLessThan(0.3);
		expect(second?.from).toBeGreaterThan((first?.to ?? Infinity) - 0.3);
	}
});
