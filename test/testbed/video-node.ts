import path from 'node:path';
import type { INode } from 'n8n-workflow';
import type { Emulator } from '../emulator/emulator';
import { readFile, type Parameters } from './workflow';

export const PACKAGE = 'n8n-nodes-wavespeed-infinitetalk';
export const NODE_TYPE = `${PACKAGE}.waveSpeedInfiniteTalk`;
/** The node's version; n8n treats nodes of version 1 in another way when they are called. */
export const NODE_TYPE_VERSION = 1.1;
export const CREDENTIAL_TYPE = 'waveSpeedInfiniteTalkApi';

/** The value of a media field: a binary field (or file by expression), or a URL. */
export function media(mode: 'binary' | 'url' | 'silence', value: string) {
	return { __rl: true, mode, value };
}

/** The three media fields, all in one mode. */
export function mediaFields(
	mode: 'binary' | 'url' | 'silence',
	[image, left, right]: readonly [string, string, string],
): Parameters {
	return {
		image: media(mode, image),
		leftAudio: media(mode, left),
		rightAudio: media(mode, right),
	};
}

/** The three media fields with the fixtures that the emulator has on its web. */
export function mediaByUrl({ origins }: Pick<Emulator, 'origins'>): Parameters {
	const names = ['pair.png', 'left-voice.wav', 'right-voice.wav'] as const;
	const [image, left, right] = names.map((name) => `${origins.web}/${name}`);
	return mediaFields('url', [image!, left!, right!]);
}

/** Three nodes that read fixtures from a folder, for {@link FROM_NODES}. */
export function mediaNodes(folder: string): INode[] {
	return [
		readFile('Picture', path.join(folder, 'pair.png')),
		readFile('Left voice', path.join(folder, 'left-tone.wav')),
		readFile('Right voice', path.join(folder, 'right-tone.wav')),
	];
}

const SUBMITS: readonly unknown[] = [undefined, 'submit', 'submitAndWait'];

/**
 * The parameters with both voices at the same time and a new take for each job, which keeps the jobs of tests
 * apart. An option Seed
 * of the test's own stays, `undefined` included: that leaves the option out.
 */
export function withNewTake(parameters: Parameters): Parameters {
	const { operation, options = {} } = parameters;
	if (!SUBMITS.includes(operation) || typeof options !== 'object') return parameters;
	return { order: 'meanwhile', ...parameters, options: { seed: -1, ...options } };
}

/** The media fields with the files of {@link mediaNodes}. */
export const FROM_NODES: Parameters = mediaFields('binary', [
	"={{ $('Picture').first().binary.data }}",
	"={{ $('Left voice').first().binary.data }}",
	"={{ $('Right voice').first().binary.data }}",
]);
