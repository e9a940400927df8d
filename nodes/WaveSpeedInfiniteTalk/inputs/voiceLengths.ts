/** What the lengths of the two voices mean for the video. */
import type { Model } from './models';
import type { Order } from './request';

/** Voices that start together and differ by less than this sound equally long. */
const EQUAL_S = 1;
/** How many times slower than its model's pace a job may be, for the queue. */
const PATIENCE = 3;
const HOUR_MS = 60 * 60_000;
/** Of a video of unknown length. */
const DEFAULT_TIMEOUT_MS = 6 * HOUR_MS;

/** Seconds; undefined where a length is not known. */
export interface VoiceLengths {
	left: number | undefined;
	right: number | undefined;
}

/** Seconds of video; undefined when a voice's length is not known. */
export function videoSeconds({ left, right }: VoiceLengths, order: Order): number | undefined {
	if (left === undefined || right === undefined) return undefined;
	const seconds = order === 'meanwhile' ? Math.max(left, right) : left + right;
	return Math.round(seconds * 100) / 100;
}

/**
 * Why the voices are too long, or undefined. The service counts each in whole seconds, rounded up.
 *
 * @returns one sentence, without the field
 */
export function tooLongReason(
	{ left, right }: VoiceLengths,
	order: Order,
	{ label, maxVideoS, pageDate }: Model,
): string | undefined {
	const [l, r] = [Math.ceil(left ?? 0), Math.ceil(right ?? 0)];
	const total = order === 'meanwhile' ? Math.max(l, r) : l + r;
	if (maxVideoS === undefined || total <= maxVideoS) return undefined;
	const lengths = `Left Audio ${describe(left)}, Right Audio ${describe(right)}`;
	const most = maxVideoS >= 120 ? `${maxVideoS} s (${maxVideoS / 60} minutes)` : `${maxVideoS} s`;
	return `the video would last ${total} s, and ${label} makes at most ${most} by its page of ${pageDate}: ${lengths}`;
}

/**
 * What is worth knowing before the result is watched; nothing of it keeps the job from running.
 *
 * @param paddingProblem why the shorter of two voices that sound together is sent without silence behind it
 */
export function voiceHints(
	{ left, right }: VoiceLengths,
	order: Order,
	{ minVoiceS = 0 }: Model,
	paddingProblem?: string,
): string[] {
	const isTogether = order === 'meanwhile';
	const isPadded = isTogether && paddingProblem === undefined;
	const longer = Math.max(left ?? 0, right ?? 0);
	const short = Object.entries({ 'Left Audio': left, 'Right Audio': right }).flatMap(
		([label, seconds]) =>
			seconds !== undefined && (isPadded ? longer : seconds) < minVoiceS
				? [`${label} lasts ${describe(seconds)} only: the model needs about 4 s.`]
				: [],
	);
	const differ = left !== undefined && right !== undefined && Math.abs(left - right) > EQUAL_S;
	if (!isTogether || (isPadded && !differ)) return short;
	const silence = isPadded
		? 'Silence follows the shorter one'
		: `No silence is added to the shorter one, as ${paddingProblem}`;
	return [
		...short,
		`The voices sound at the same time (left ${describe(left)}, right ${describe(right)}). ${silence}. For a conversation, choose who speaks first, or make both voices with Combine Turns (resource Audio).`,
	];
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
