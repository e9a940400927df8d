/** Jobs with a price to think of: $0.15 for ten seconds of voice. */
import { silentWav } from '../../unit/tracks/support/silence';
import type { TestItem } from './nodes';
import { copyOf, file, pair } from './files';

/** A price below this length is that of five seconds. */
export function voice(seconds: number) {
	return file(`${seconds}s.wav`, 'audio/wav', silentWav(seconds));
}

/** An item for each length in seconds, each with a picture of its own; both voices are as long. */
export function pricedItems(...seconds: readonly number[]): TestItem[] {
	return seconds.map((length, index) => {
		const content = Buffer.concat([pair.content, Buffer.from(String(index))]);
		const sound = voice(length);
		return {
			json: { prompt: `job ${index + 1}` },
			files: { image: copyOf(pair, { content }), left_audio: sound, right_audio: sound },
		};
	});
}
