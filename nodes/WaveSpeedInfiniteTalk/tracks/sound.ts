/** Sound of files as tracks take it in: in whole units, which are samples in WAV and frames in MP3. */
import type { WavFormat } from '../probe/wav';

/** Opens a file's content, again at each call. */
export type OpenContent = () => Promise<AsyncIterable<Buffer> | Iterable<Buffer>>;

interface Units {
	/** Samples a second. */
	sampleRate: number;
	/** Samples of one unit: the smallest step by which the sound can be moved. */
	unitSamples: number;
	/** Units that the sound takes up in a track. */
	units: number;
	/** Samples of silence at its beginning: what the encoder and every decoder put in front. */
	leadSamples: number;
	/** Samples of sound, without those in front and what the encoder filled up at the end. */
	samples: number;
}

export interface WavSound extends Units {
	kind: 'WAV';
	format: WavFormat;
	/** Offset of the first byte of sound. */
	dataStart: number;
}

export interface Mp3Sound extends Units {
	kind: 'MP3';
	/** First header, which has the version, the rate and the channels of all frames. */
	header: Buffer;
	/** Bytes of all frames. */
	bytes: number;
	/** True when all frames have the bit rate of the first. */
	isConstant: boolean;
}

export type Sound = WavSound | Mp3Sound;

/** Seconds of sound. */
export function soundSeconds({ samples, sampleRate }: Sound): number {
	return samples / sampleRate;
}
