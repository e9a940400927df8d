/** The pictures and voices of the pass. */
import { path as ffmpegPath } from '@ffmpeg-installer/ffmpeg';
import { execFileSync } from 'node:child_process';
import { fixture, type MediaFile } from '../../test/testbed/fixtures';

/** What goes up; `blank` is a picture without a face. The voices are longer than the 3.3 s that the model needs. */
export const CLIPS = {
	image: { ...fixture('pair.png'), name: 'live-pair.png' },
	left_audio: { ...fixture('left-voice.wav'), name: 'live-left.wav' },
	right_audio: { ...fixture('right-voice.wav'), name: 'live-right.wav' },
	blank: { name: 'live-blank.png', type: 'image/png', content: blackPicture() },
} satisfies Record<string, MediaFile>;

function blackPicture(): Buffer {
	const source = ['-f', 'lavfi', '-i', 'color=black:size=512x512', '-frames:v', '1'];
	const output = ['-f', 'image2pipe', '-c:v', 'png', 'pipe:1'];
	return execFileSync(ffmpegPath, ['-loglevel', 'error', ...source, ...output]);
}
