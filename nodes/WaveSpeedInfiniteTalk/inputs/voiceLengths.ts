/** What the lengths of the voices mean for the video. */
import type { VoiceName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import type { Model } from './models';
import type { Order } from './request';

/** Voices that start together and differ by less than this sound equally long. */
const EQUAL_S = 1;
/** How many times slower than its model's pace a job may be, for the queue. */
const PATIENCE = 3;
const HOUR_MS = 60 * 60_000;
/** Of a video of unknown length. */
const DEFAULT_TIMEOUT_MS = 6 * HOUR_MS;

/** Seconds of each voice that there is; undefined where the length is not known. */
export type VoiceLengths = Readonly<Partial<Record<VoiceName, number | undefined>>>;

/** Seconds of video; undefined when a voice's length is not known. */
export function videoSeconds(lengths: VoiceLengths, order: Order): number | undefined {
	const voices = Object.values(lengths);
	if (voices.includes(undefined)) return undefined;
	return Math.round(inOrder(order, voices as number[]) * 100) / 100;
}

/**
 * Why the voices are too long, or undefined. The service counts each in whole seconds, rounded up.
 *
 * @returns one sentence, without the field
 */
export function tooLongReason(
	lengths: VoiceLengths,
	order: Order,
	{ label, maxVideoS, pageDate }: Model,
): string | undefined {
	const whole = Object.values(lengths).map((seconds) => Math.ceil(seconds ?? 0));
	const total = inOrder(order, whole);
	if (maxVideoS === undefined || total <= maxVideoS) return undefined;
	const each = namesOf(lengths).map((name) => `${INPUT_LABELS[name]} ${describe(lengths[name])}`);
	const most = maxVideoS >= 120 ? `${maxVideoS} s (${maxVideoS / 60} minutes)` : `${maxVideoS} s`;
	return `the video would last ${total} s, but ${label} makes at most ${most} as of ${pageDate}: ${each.join(', ')}`;
}

/**
 * What is worth knowing before the result is watched; nothing of it keeps the job from running.
 *
 * @param paddingProblem why the shorter of two voices that sound together is sent without silence behind it
 */
export function voiceHints(
	lengths: VoiceLengths,
	order: Order,
	{ minVoiceS = 0 }: Model,
	paddingProblem?: string,
): string[] {
	const isTogether = order === 'meanwhile';
	const isPadded = isTogether && paddingProblem === undefined;
	const voices = Object.values(lengths);
	const longest = Math.max(...voices.map((seconds) => seconds ?? 0));
	const short = namesOf(lengths).flatMap((name) => {
		const seconds = lengths[name];
		return seconds !== undefined && (isPadded ? longest : seconds) < minVoiceS
			? [`${INPUT_LABELS[name]} lasts only ${describe(seconds)}, but the model needs about 4 s.`]
			: [];
	});
	const { leftAudio: left, rightAudio: right } = lengths;
	const differ = left !== undefined && right !== undefined && Math.abs(left - right) > EQUAL_S;
	if (voices.length < 2 || !isTogether || (isPadded && !differ)) return short;
	const silence = isPadded
		? 'Silence is added to the shorter one'
		: `No silence is added to the shorter one, because ${paddingProblem}`;
	return [
		...short,
		`The voices play at the same time (left ${describe(left)}, right ${describe(right)}). ${silence}. For a conversation, choose who speaks first, or make both voices with Combine Turns (resource Audio).`,
	];
}

function namesOf(lengths: VoiceLengths): VoiceName[] {
	return Object.keys(lengths) as VoiceName[];
}

/** One after the other, or together. */
function inOrder(order: Order, seconds: readonly number[]): number {
	if (order === 'meanwhile') return Math.max(...seconds);
	return seconds.reduce((sum, each) => sum + each, 0);
}

/** How long to wait for a video unless the user says so, in milliseconds. */
export function defaultTimeoutMs(
	seconds: number | undefined,
	{ workPerSecond }: Pick<Model, 'workPerSecond'>,
): number {
	if (seconds === undefined) return DEFAULT_TIMEOUT_MS;
	return Math.max(seconds * workPerSecond * PATIENCE * 1000, HOUR_MS);
}

function describe(seconds: number | undefined): string {
	return seconds === undefined ? 'of unknown length' : `${Math.round(seconds * 10) / 10} s`;
}
