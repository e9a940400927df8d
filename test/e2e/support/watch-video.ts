import path from 'node:path';
import { pictureDistance } from '../../fixtures/picture';
import { decodeSound, likeness, type Sound } from '../../fixtures/sound';
import { FIXTURES } from '../../testbed/fixtures';

export type Order = 'meanwhile' | 'left_right' | 'right_left';

/** What is to be heard and seen in a video of `pair.png`, `left-voice.wav` and `right-voice.wav`. */
export interface Watched {
	/** Who speaks at the beginning. */
	first: string[];
	/** Who begins to speak when the other one has ended. */
	then: string[];
	/** Whether the duration is right for this order, to 0.15 s. */
	durationIsRight: boolean;
	/** Whether the picture is there. */
	pictureIsThere: boolean;
}

/** Different pictures differ by more. */
const SAME_PICTURE = 0.05;
const HEARD = 0.5;

/** Listens to a video, and looks at it. */
export async function watch(file: string, order: Order): Promise<Watched> {
	const left = await decodeSound(path.join(FIXTURES, 'left-voice.wav'));
	const right = await decodeSound(path.join(FIXTURES, 'right-voice.wav'));
	const whole = await decodeSound(file);
	const speaks = (voice: Sound, at: number) => likeness(whole, voice, at) > HEARD;
	const due =
		order === 'meanwhile'
			? Math.max(left.duration, right.duration)
			: left.duration + right.duration;
	return {
		first: names(speaks(left, 0), speaks(right, 0)),
		then: names(speaks(left, right.duration), speaks(right, left.duration)),
		durationIsRight: Math.abs(whole.duration - due) < 0.15,
		pictureIsThere: (await pictureDistance(file, path.join(FIXTURES, 'pair.png'))) < SAME_PICTURE,
	};
}

/** What {@link watch} finds in a good video. */
export function asOrdered(order: Order): Watched {
	const spoken = {
		meanwhile: { first: ['left', 'right'], then: [] },
		left_right: { first: ['left'], then: ['right'] },
		right_left: { first: ['right'], then: ['left'] },
	};
	return { ...spoken[order], durationIsRight: true, pictureIsThere: true };
}

function names(left: boolean, right: boolean): string[] {
	return [...(left ? ['left'] : []), ...(right ? ['right'] : [])];
}
