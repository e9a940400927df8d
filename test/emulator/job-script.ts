/** A status that the result endpoint reports instead of the real one. */
export interface ScriptedStatus {
	status: string;
	/** The task's own code, e.g. 5004 with `processing`. */
	code?: number;
	error?: string;
}

/** A submission as scripts and tests see it. */
export interface Submission {
	model: string;
	/** Account of the API key. */
	account: string;
	/** The body as received, including unknown keys. */
	body: Record<string, unknown>;
	webhook: string | undefined;
	/** Path and query. */
	url: string;
}

/** How the next matching job behaves; fields left out keep the default behaviour. */
export interface JobScript {
	/** Substring of the submitted JSON, with the names of uploaded files behind their addresses. */
	match?: string;
	when?(submission: Submission): boolean;
	/** Number of jobs that it applies to. Default 1. */
	times?: number | 'always';
	/** The ID. Default: 32 hex digits. */
	id?: string;
	/** Duration in seconds, or `never` (it ends by `finishJob` only). */
	seconds?: number | 'never';
	/** Reported one per poll, before the job's real status. */
	statuses?: Array<string | ScriptedStatus>;
	/** How it ends. Default `completed`. */
	end?: ScriptedStatus;
	/** Replaces `outputs` when completed; `{url}` in it stands for the video's URL. */
	outputs?: unknown;
	/** Fields set in every response about the job. */
	set?: Record<string, unknown>;
	/** Number of polls that get a 404 first. */
	notFoundFor?: number;
	/** Number of history pages that leave it out first. */
	hiddenFromHistoryFor?: number;
	/** Responds to the submission only when the job has ended. */
	respondWhenEnded?: boolean;
	/** Content type of the video. Default `video/mp4`. */
	contentType?: string;
	/** `none`: lost for good. Default: one delivery, at the end. */
	webhook?: 'none' | { times: number };
}
