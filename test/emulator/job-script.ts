import type { WebhookOverrides } from './webhooks';

/** A status that the result endpoint reports instead of the real one. */
export interface ScriptedStatus {
	status: string;
	/** The task's own code, e.g. 5004 with `processing`. */
	code?: number;
	error?: string;
}

/** One delivery (or several in a row) of a job's webhook. */
export interface WebhookScript extends WebhookOverrides {
	/** Number of deliveries; 0 loses it for good. Default 1. */
	times?: number;
	/** Seconds after the end of the job. Default 0. */
	delaySeconds?: number;
	/** Delivered when processing starts instead of at the end. */
	early?: boolean;
}

/** A submission as scripts and tests see it. */
export interface Submission {
	model: string;
	/** Account of the API key. */
	account: string;
	/** The body as received, including unknown keys. */
	body: Record<string, unknown>;
	webhook?: string;
	/** Path and query. */
	url: string;
}

/** How the next matching job behaves; fields left out keep the default behaviour. */
export interface JobScript {
	/** Substring of the submitted JSON. */
	match?: string;
	when?(submission: Submission): boolean;
	/** Number of jobs that it applies to. Default 1. */
	times?: number | 'always';
	/**
	 * The form of the ID, or the ID itself. Default `hex` (32 hex digits); `dotted` has dots, `long`
	 * 200 characters.
	 */
	id?: 'hex' | 'pred' | 'task' | 'dotted' | 'long' | (string & {});
	/** Duration in seconds, or `never` (it ends by `finishJob` only). */
	seconds?: number | 'never';
	/** Reported one per poll, before the job's real status. */
	statuses?: Array<string | ScriptedStatus>;
	/** How it ends. Default `completed`. */
	end?: ScriptedStatus;
	/** Replaces `outputs` when completed; `{url}` in it stands for the video's URL. */
	outputs?: unknown;
	hasNsfwContents?: unknown;
	/** Fields left out of every response about the job. */
	omit?: string[];
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
	/** File extension in the video's URL, with the dot; may be empty. Default `.mp4`. */
	extension?: string;
	/** Share of the price refunded at the end (0 to 1). Default: the option `refundShares`. */
	refundShare?: number;
	/** `none`: lost for good. An array: several deliveries. Default: one, at the end. */
	webhook?: 'none' | WebhookScript | WebhookScript[];
}

interface ActiveScript {
	script: JobScript;
	used: number;
}

export class JobScripts {
	private active: ActiveScript[] = [];

	add(script: JobScript): void {
		this.active.push({ script, used: 0 });
	}

	clear(): void {
		this.active = [];
	}

	/** Returns the script for a submission and counts it as used; empty when none matches. */
	take(submission: Submission): JobScript {
		for (const entry of this.active) {
			const { script } = entry;
			const times = script.times ?? 1;
			if (times !== 'always' && entry.used >= times) continue;
			const text = JSON.stringify(submission.body);
			if (script.match !== undefined && !text.includes(script.match)) continue;
			if (script.when && !script.when(submission)) continue;
			entry.used += 1;
			return script;
		}
		return {};
	}
}
