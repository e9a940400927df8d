/** What the first packet of a logical Ogg stream tells of its sound. */
import { OPUS_RATE } from './opus';

export interface OggSound {
	codec: 'vorbis' | 'opus' | 'flac' | 'speex';
	/** Granule positions a second. */
	rate: number;
	/** Samples in front that are not played. */
	preSkip: number;
	/** Samples of one packet at most. */
	mostSamples: number;
}

/** Bytes of the first packet that are read at most. */
export const OGG_HEAD_BYTES = 80;

const OPUS_MOST_SAMPLES = 5760;
const FLAC_STREAM_INFO_AT = 17;

/** @returns undefined for pictures, indexes and unknown codecs */
export function parseOggSound(packet: Buffer): OggSound | undefined {
	const text = packet.toString('latin1');
	const sound = readSound(text, packet);
	return sound && sound.rate > 0 ? sound : undefined;
}

function readSound(text: string, packet: Buffer): OggSound | undefined {
	if (text.startsWith('\x01vorbis') && packet.length >= 30) {
		const mostSamples = 2 ** (packet.readUInt8(28) >> 4);
		return { codec: 'vorbis', rate: packet.readUInt32LE(12), preSkip: 0, mostSamples };
	}
	if (text.startsWith('OpusHead') && packet.length >= 19) {
		const preSkip = packet.readUInt16LE(10);
		return { codec: 'opus', rate: OPUS_RATE, preSkip, mostSamples: OPUS_MOST_SAMPLES };
	}
	if (text.startsWith('\x7fFLAC') && packet.length >= FLAC_STREAM_INFO_AT + 34) {
		const info = packet.subarray(FLAC_STREAM_INFO_AT);
		const mostSamples = info.readUInt16BE(2);
		return { codec: 'flac', rate: info.readUIntBE(10, 3) >> 4, preSkip: 0, mostSamples };
	}
	if (text.startsWith('Speex   ') && packet.length >= 68) {
		const mostSamples = packet.readUInt32LE(56) * Math.max(1, packet.readUInt32LE(64));
		return { codec: 'speex', rate: packet.readUInt32LE(36), preSkip: 0, mostSamples };
	}
	return undefined;
}
