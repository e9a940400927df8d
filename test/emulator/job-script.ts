import type { WebhookOverrides } from './webhooks';

/** One step of what the result endpoint says before the truth. */
export interface ScriptedStatus {
	status: string;
	/** The task's own code, e.g. 5004 with `processing`. */
	code?: number;
	error?: string;
}

export interface WebhookScript extends WebhookOverrides {
	/** How many times it is delivered. Default 1. */
	times?: number;
	/** Seconds after the end of the job. Default 0. */
	delaySeconds?: number;
	/** Delivered when processing begins instead of at the end. */
	early?: boolean;
}

/** What a submission asks for, as scripts and tests see it. */
export interface Submission {
	model: string;
	/** The body as it came, unknown keys included. */
	body: Record<string, unknown>;
	webhook?: string;
	/** Path and query. */
	url: string;
}

/** How the next job that fits behaves; without a word about it, it behaves as usual. */
export interface JobScript {
	/** Text that the submitted JSON contains. */
	match?: string;
	when?(submission: Submission): boolean;
	/** How many jobs it is for. Default 1. */
	times?: number | 'always';
	/** The form of the id, or the id itself. Default `hex` (32 hex digits). */
	id?: 'hex' | 'pred' | 'task' | (string & {});
	/** Wall seconds, or `never` (it ends by `finishJob` only). */
	seconds?: number | 'never';
	/** One per reading of the result, shown before the job's real state. */
	statuses?: Array<string | ScriptedStatus>;
	/** How it ends. Default `completed`. */
	end?: ScriptedStatus;
	/** Replaces `outputs` when completed; the text `{url}` in it stands for the video's URL. */
	outputs?: unknown;
	hasNsfwContents?: unknown;
	/** Fields missing from every answer about it. */
	omit?: string[];
	/** Fields added to or replaced in every answer about it. */
	set?: Record<string, unknown>;
	/** The first readings of the result answer 404. */
	notFoundFor?: number;
	/** The first history pages leave it out. */
	hiddenFromHistoryFor?: number;
	/** The submit request is answered when the job has ended. */
	answerWhenEnded?: boolean;
	/** Content type of the video. Default `video/mp4`. */
	contentType?: string;
	/** File extension in the video's URL, with the dot; may be empty. Default `.mp4`. */
	extension?: string;
	webhook?: 'none' | WebhookScript;
}

interface ActiveScript {
	script: JobScript;
	used: number;
}

export class ScriptBook {
	private active: ActiveScript[] = [];

	add(script: JobScript): void {
		this.active.push({ script, used: 0 });
	}

	clear(): void {
		this.active = [];
	}

	/** Finds and uses up the script for a submission; an empty one when none fits. */
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
