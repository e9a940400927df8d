/** Turns of a conversation, made into one track for each of two people. */
import type { Problem } from '../shared/problem';
import type { Schedule, Speaker } from './schedule';
import { scheduleTurns } from './schedule';
import type { OpenContent, Sound } from './sound';
import { channelsOf } from './mp3Frame';
import type { Track } from './track';
import { createTrack } from './track';

export interface SpokenTurn {
	speaker: Speaker;
	sound: Sound;
	open: OpenContent;
	/** Seconds before it, as the schedule takes them. */
	pauseS: number;
}

export interface Conversation {
	schedule: Schedule;
	/** Equally long. One who never speaks is silent. */
	tracks: Record<Speaker, Track>;
}

/**
 * Why a turn cannot be in one conversation with those before it, or undefined. Frames and samples are taken
 * as they are, so that all need one format and rate, and in MP3 those of one person one number of channels.
 *
 * @param turns without gaps, from the first
 */
export function findMismatch(turns: readonly SpokenTurn[], index: number): Problem | undefined {
	const turn = turns[index]!;
	const isLike = (other: SpokenTurn) =>
		other.sound.kind === turn.sound.kind && other.sound.sampleRate === turn.sound.sampleRate;
	const first = turns[0]!;
	const own = turns.find(({ speaker }) => speaker === turn.speaker) ?? turn;
	const isChannelsLike =
		turn.sound.kind !== 'MP3' ||
		own.sound.kind !== 'MP3' ||
		channelsOf(turn.sound.header) === channelsOf(own.sound.header);
	if (isLike(first) && isChannelsLike) return undefined;
	const other = isLike(first) ? own : first;
	return {
		message: `is ${describe(turn.sound)}, but turn ${turns.indexOf(other) + 1} is ${describe(other.sound)}`,
		advice: `All turns of a conversation need the same format and sample rate. ${SERVICE_ADVICE}`,
	};
}

/** How to get files that can be joined. */
export const SERVICE_ADVICE =
	'Set the speech service to MP3 or WAV: output_format=mp3_44100_128 for ElevenLabs, response_format=mp3 or wav for OpenAI. Raw samples from Gemini (L16) need a WAV header.';

/**
 * @param turns at least one; {@link findMismatch} finds nothing in them
 * @param around seconds of silence at the beginning and at the end
 * @throws RangeError when a track would be longer than a WAV file can be
 */
export function combineTurns(
	turns: readonly SpokenTurn[],
	around: { startS: number; endS: number },
): Conversation {
	const schedule = scheduleTurns(turns, around);
	const trackOf = (speaker: Speaker) => {
		const parts = turns.flatMap((turn, index) =>
			turn.speaker === speaker
				? [{ at: schedule.turns[index]!.at, sound: turn.sound, open: turn.open }]
				: [],
		);
		return createTrack(parts, schedule.units, turns[0]!.sound);
	};
	return { schedule, tracks: { left: trackOf('left'), right: trackOf('right') } };
}

function describe(sound: Sound): string {
	const rate = `${sound.sampleRate.toLocaleString('en-US')} Hz`;
	if (sound.kind === 'WAV') return `WAV at ${rate}`;
	return `MP3 at ${rate}, ${channelsOf(sound.header) === 1 ? 'mono' : 'stereo'}`;
}
