/** When each turn of a conversation begins. */
import type { Sound } from './sound';

export type Speaker = 'left' | 'right';

export interface Turn {
	speaker: Speaker;
	sound: Sound;
	/** Seconds from the end of what was said before to the beginning of this turn. */
	pauseS: number;
}

export interface ScheduledTurn {
	/** Unit of the track at which its sound is put. */
	at: number;
	/** Seconds from the beginning of the track to where it is heard, and to its end. */
	startS: number;
	endS: number;
}

export interface Schedule {
	turns: ScheduledTurn[];
	/** Length of both tracks. */
	units: number;
	seconds: number;
}

/** Rounding errors of seconds, in units. */
const EPSILON = 1e-6;

/**
 * Plans a conversation. Times are planned in seconds from its beginning and rounded to units one by one,
 * so that rounding does not add up.
 *
 * A pause counts from the end of all that was said before. A negative one lets two people talk at the
 * same time; a turn never begins before the turn before it, nor before its own speaker has ended.
 *
 * @param turns at least one; all of one rate and one size of units
 * @param around seconds of silence at the beginning and at the end, 0 or more
 */
export function scheduleTurns(
	turns: readonly Turn[],
	around: { startS: number; endS: number },
): Schedule {
	const { sampleRate, unitSamples } = turns[0]!.sound;
	const toUnits = (seconds: number) => (seconds * sampleRate) / unitSamples;
	const toSeconds = (units: number) => (units * unitSamples) / sampleRate;
	const free = { left: 0, right: 0 };
	const spokenUntil = { left: 0, right: 0 };
	let previousStart = around.startS;
	let end = around.startS;
	let units = 0;
	const scheduled = turns.map(({ speaker, sound, pauseS }) => {
		const lead = sound.leadSamples / unitSamples;
		const wanted = Math.max(end + pauseS, previousStart, spokenUntil[speaker]);
		const rounded = Math.round(toUnits(wanted) - lead);
		const at = Math.max(rounded, free[speaker]);
		const startS = toSeconds(at + lead);
		const lengthS = sound.samples / sampleRate;
		// What follows keeps its pause to a turn that had to be put off.
		previousStart = at > rounded ? startS : wanted;
		spokenUntil[speaker] = previousStart + lengthS;
		end = Math.max(end, spokenUntil[speaker]);
		free[speaker] = at + sound.units;
		units = Math.max(units, free[speaker], Math.ceil(toUnits(startS + lengthS) - EPSILON));
		return { at, startS, endS: startS + lengthS };
	});
	units = Math.max(units, Math.ceil(toUnits(end + around.endS) - EPSILON));
	return { turns: scheduled, units, seconds: toSeconds(units) };
}
