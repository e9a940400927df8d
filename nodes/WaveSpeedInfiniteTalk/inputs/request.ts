/** The inputs of one item's job. Plain values, free of n8n. */
import type { ByteStream } from '../api/http';
import type { SubmitBody } from '../api/client';
import type { ByInput } from '../errors/inputNames';
import type { JobError } from '../errors/jobError';
import type { Model, Speakers } from './models';
import type { Choice } from './values';

export type Order = NonNullable<SubmitBody['order']>;

/** Values, and names in the editor. */
export const ORDERS: ReadonlyArray<Choice<Order>> = [
	{ value: 'meanwhile', name: 'Both at the Same Time' },
	{ value: 'left_right', name: 'Left First, Then Right' },
	{ value: 'right_left', name: 'Right First, Then Left' },
];

/** A file that n8n holds. */
export interface LocalFile {
	name: string;
	/** Media type as declared by whoever made the file; may be wrong or empty. */
	declaredType: string;
	/** Bytes. */
	size: number;
	/** Equal for equal files: n8n's ID at first, the digest of the content once it is read. */
	fileId: string;
	/** The address that it was fetched from. */
	url?: string;
	/** The whole content, opened again at each call. */
	open(): Promise<ByteStream>;
}

/** A file that is still to be fetched. */
export interface WebFile {
	url: string;
}

/** Where a medium comes from, or what is wrong with it. */
export type MediaSource = WebFile | { file: LocalFile } | Silence | { error: JobError };

/** A person who only listens. */
export interface Silence {
	silence: true;
}

/** The parameters of one item, as read and not yet checked. */
export interface VideoRequest {
	speakers: Speakers;
	media: ByInput<MediaSource>;
	order: unknown;
	prompt: unknown;
	seed: unknown;
	/** Name of a model; undefined for the default one. */
	model: unknown;
	/** Seconds of the conversation that Combine Turns made in this item, where it has one. */
	conversationS?: number;
}

/** The parameters of one item after {@link checkRequest}: nothing in it is known to be wrong. */
export interface CheckedRequest<Media = FileMedia | Silence> {
	model: Model;
	/** One for each input of the model that is given. */
	media: ByInput<Media>;
	/** Counts for models that take it. */
	order: Order;
	prompt: string;
	/** What to know about the prompt, which is sent all the same. */
	promptNote?: string;
	/** As the user gives it; absent to derive it from the inputs. */
	seed?: number;
	/** Seconds of the conversation that Combine Turns made in this item, where it has one. */
	conversationS?: number;
}

/** A request whose files have been read: what is sent, and what to know about it. */
export interface FittedRequest extends CheckedRequest<FileMedia> {
	/** Length of the video to expect, in seconds. */
	durationS?: number;
	/** What is worth knowing about the voices, in sentences. */
	notes: string[];
}

/** A file, and the media type that its bytes tell. */
export interface FileMedia {
	file: LocalFile;
	type: string;
	/** What is odd about the file, in sentences. */
	notes?: string[];
}
