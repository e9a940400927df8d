/** What makes two jobs the same: model and resolution, content of the files, order and prompt. */
import { createHash } from 'crypto';
import type { Model } from '../inputs/models';
import type { ByInput } from '../errors/inputNames';
import { inputEntries } from '../errors/inputNames';
import type { Order } from '../inputs/request';
import { normalizePrompt } from './matching';

export interface JobInputs {
	model: Pick<Model, 'id' | 'resolution'>;
	/** SHA-256 of each file's content. */
	media: ByInput<string>;
	order: Order;
	prompt: string;
}

/** SHA-256 of the inputs as hex; equal on all machines and in all versions of this node. */
export function inputsDigestOf({ model, media, order, prompt }: JobInputs): string {
	const { id, resolution = null } = model;
	const parts = [id, resolution, inputEntries(media), order, normalizePrompt(prompt)];
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * The seed that the same inputs always get. The API has no idempotency key; its history shows the
 * seed of each job, so this number finds the job again.
 *
 * @returns 31 bits of the digest: from 0 to 2147483647, the largest seed of the API
 */
export function derivedSeed(inputsDigest: string): number {
	return Number.parseInt(inputsDigest.slice(0, 8), 16) & 0x7fff_ffff;
}
