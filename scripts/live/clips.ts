/** The pictures and voices of the pass, made of the fixtures. */
import { crc32, deflateSync } from 'node:zlib';
import { fixture } from '../../test/testbed/fixtures';

/** Above the 3.3 s that the model needs, and just below the 5 s that are billed at least. */
const CLIP_S = 4.8;

/** Of a WAV file with nothing but its format and its sound, as the fixtures are. */
const HEADER_BYTES = 44;

export interface Clip {
	name: string;
	type: string;
	content: Buffer;
}

/** What goes up; `blank` is a picture without a face. */
export const CLIPS = {
	image: { name: 'live-pair.png', type: 'image/png', content: fixture('pair.png').content },
	left_audio: { name: 'live-left.wav', type: 'audio/wav', content: repeated('left-voice.wav') },
	right_audio: { name: 'live-right.wav', type: 'audio/wav', content: repeated('right-voice.wav') },
	blank: { name: 'live-blank.png', type: 'image/png', content: blankPicture() },
} satisfies Record<string, Clip>;

/** The voice again and again, {@link CLIP_S} long. */
function repeated(name: string): Buffer {
	const voice = fixture(name).content;
	const bytesPerSecond = voice.readUInt32LE(28);
	const sound = Buffer.alloc(CLIP_S * bytesPerSecond, voice.subarray(HEADER_BYTES));
	const header = Buffer.from(voice.subarray(0, HEADER_BYTES));
	header.writeUInt32LE(HEADER_BYTES - 8 + sound.length, 4);
	header.writeUInt32LE(sound.length, HEADER_BYTES - 4);
	return Buffer.concat([header, sound]);
}

/** A black PNG of 512 × 512 (www.w3.org/TR/png-3). */
function blankPicture(side = 512): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(side, 0);
	header.writeUInt32BE(side, 4);
	// Eight bits of gray.
	header[8] = 8;
	const rows = deflateSync(Buffer.alloc(side * (side + 1)));
	const chunks = [chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))];
	return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type), data]);
	const frame = Buffer.alloc(8);
	frame.writeUInt32BE(data.length, 0);
	frame.writeUInt32BE(crc32(body), 4);
	return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
