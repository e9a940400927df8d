/** What the client is asked for, and what it gives: plain values. */
import type { Prediction } from './prediction';

/**
 * What a job is made of. The API drops any key that a model does not know, silently, and bills defaults:
 * each model gets its own keys only.
 */
export interface SubmitBody {
	image: string;
	/** Of one speaker: a picture that marks who speaks. */
	mask_image?: string;
	/** Of one speaker. */
	audio?: string;
	/** Of two. */
	left_audio?: string;
	right_audio?: string;
	order?: 'meanwhile' | 'left_right' | 'right_left';
	prompt?: string;
	seed: number;
	resolution?: string;
}

/** The part of it that is addresses. */
export type MediaUrls = Pick<
	SubmitBody,
	'image' | 'mask_image' | 'audio' | 'left_audio' | 'right_audio'
>;

export interface FileFacts {
	name: string;
	/** Bytes. */
	size: number;
	/** Media type, left out when unknown. */
	type?: string;
}

/** Which jobs of the account to list. */
export interface ListQuery {
	/** One of created, processing, completed, failed, cancelled and timeout. */
	status?: string;
	model?: string;
	/** Only jobs made at or after this time, milliseconds since 1970 by the service's clock. */
	createdAfter?: number;
	/** Only jobs created at or before this time, milliseconds since 1970 by the service's clock. */
	createdBefore?: number;
	/** From 1. */
	page: number;
	/** From 1 to {@link HISTORY_PAGE_SIZE}. */
	pageSize: number;
	/** Asks for the inputs of each job. Default: true. */
	includeInputs?: boolean;
	/** Milliseconds after which a stalled response is given up. */
	withinMs?: number;
}

export type HistoryQuery = Pick<ListQuery, 'createdAfter' | 'page' | 'withinMs'> & {
	model: string;
};

export interface PredictionPage {
	/** Newest first. Entries that cannot be read are left out. */
	items: Prediction[];
	/** True when the page is as long as was asked for, so that there may be another. */
	full: boolean;
}

/** Jobs asked for in one page of the history; the API's own upper limit. */
export const HISTORY_PAGE_SIZE = 100;
