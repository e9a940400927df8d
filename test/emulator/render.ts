import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FfmpegPool } from './ffmpeg';

const BANNER = join(__dirname, 'assets', 'banner.png');
const STUB = join(__dirname, 'assets', 'stub.mp4');

/** The video of jobs whose inputs are not rendered. */
export const STUB_VIDEO = { path: STUB, bytes: statSync(STUB).size };

/** A still picture needs few frames: just enough to play and seek. */
const FRAMES_PER_SECOND = 5;
const FRAMES_PER_SECOND_OF_LONG = 1;
const LONG_SECONDS = 60;
const WIDEST = 640;

export type Order = 'meanwhile' | 'left_right' | 'right_left';

export interface VideoParts {
	image: string;
	/** Of the left and the right speaker, or of the only one. */
	voices: ReadonlyArray<{ path: string; seconds: number }>;
	order: Order;
	/** Longer speech is cut. */
	maxSeconds: number;
}

/** Renders the preview: the still picture with a banner, and the voices in this order. */
export async function renderVideo(
	ffmpeg: FfmpegPool,
	parts: VideoParts,
	output: string,
): Promise<void> {
	const { voices, order, maxSeconds } = parts;
	const lengths = voices.map((voice) => voice.seconds);
	const speech =
		order === 'meanwhile' ? Math.max(...lengths) : lengths.reduce((sum, each) => sum + each);
	const seconds = Math.min(speech, maxSeconds);
	const rate = seconds > LONG_SECONDS ? FRAMES_PER_SECOND_OF_LONG : FRAMES_PER_SECOND;
	const run = await ffmpeg.run([
		...['-loglevel', 'error', '-y', '-threads', '1'],
		...['-i', parts.image, '-i', BANNER, ...voices.flatMap(({ path }) => ['-i', path])],
		...['-filter_complex', `${pictureFilter(rate)};${soundFilter(parts)}`],
		...['-map', '[picture]', '-map', '[sound]', '-t', seconds.toFixed(3)],
		...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'stillimage', '-crf', '30'],
		...['-pix_fmt', 'yuv420p', '-g', '50', '-threads', '1'],
		...['-c:a', 'aac', '-aac_coder', 'fast', '-b:a', '96k', '-ac', '2', '-ar', '44100'],
		...['-metadata', 'comment=LOCAL PREVIEW - no lip sync'],
		...['-movflags', '+faststart', '-f', 'mp4', output],
	]);
	if (run.failed) throw new Error(run.stderr.trim().split('\n').at(-1));
}

/** Decodes, scales and labels one frame, then repeats it without end (`-t` ends it). */
function pictureFilter(framesPerSecond: number): string {
	const still = `trim=end_frame=1,scale=w='trunc(min(${WIDEST},iw)/2)*2':h=-2,format=yuv420p,setsar=1`;
	const repeated = `loop=loop=-1:size=1:start=0,setpts=N/${framesPerSecond}/TB`;
	return [
		`[0:v]${still}[still]`,
		'[1:v][still]scale2ref=w=iw:h=ow/mdar[label][base]',
		`[base][label]overlay=0:H-h:format=yuv420,${repeated},fps=${framesPerSecond}[picture]`,
	].join(';');
}

/** How loud a voice is on its own side and on the other one: who speaks can be heard, also with one ear. */
const [NEAR, FAR] = [0.9, 0.25];

/** The voices, the left one from the left and the right one from the right. One speaker is in the middle. */
function soundFilter({ voices: { length }, order }: VideoParts): string {
	const plain = 'aresample=44100,aformat=sample_fmts=fltp:channel_layouts=mono';
	if (length === 1) return `[2:a]${plain}[sound]`;
	const side = (left: number, right: number) => `pan=stereo|c0=${left}*c0|c1=${right}*c0`;
	const voices = `[2:a]${plain},${side(NEAR, FAR)}[left];[3:a]${plain},${side(FAR, NEAR)}[right]`;
	if (order === 'left_right') return `${voices};[left][right]concat=n=2:v=0:a=1[sound]`;
	if (order === 'right_left') return `${voices};[right][left]concat=n=2:v=0:a=1[sound]`;
	// By default, amix halves both voices and raises one when the other ends.
	const mix = 'amix=inputs=2:duration=longest:dropout_transition=1000000,volume=2';
	return `${voices};[left][right]${mix}[sound]`;
}
