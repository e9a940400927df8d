/** What makes two jobs the same: model and resolution, content of the three media, order and prompt. */
import { createHash } from 'crypto';
import type { Model } from '../inputs/models';
import type { InputName } from '../errors/inputNames';
import type { Order } from '../inputs/request';

export interface JobInputs {
	model: Pick<Model, 'id' | 'resolution'>;
	/** For each input the digest of the file's content, or the URL; see {@link mediaId}. */
	media: Record<InputName, string>;
	order: Order;
	prompt: string;
}

/** SHA-256 of the inputs as hex; equal on all machines and in all versions of this node. */
export function fingerprintOf({ model, media, order, prompt }: JobInputs): string {
	const { image, leftAudio, rightAudio } = media;
	const parts = [model.id, image, leftAudio, rightAudio, order, prompt];
	if (model.resolution) parts.push(model.resolution);
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * The seed that the same inputs always get. The API has no idempotency key; its history shows the
 * seed of each job, so this number finds the job again.
 *
 * @returns 31 bits of the fingerprint: from 0 to 2147483647, the largest seed of the API
 */
export function derivedSeed(fingerprint: string): number {
	return Number.parseInt(fingerprint.slice(0, 8), 16) & 0x7fff_ffff;
}

/** @param source the digest of a file's content, or a URL */
export function mediaId(source: { sha256: string } | { url: string }): string {
	return 'url' in source ? `url:${source.url}` : `sha256:${source.sha256}`;
}
