import type { JobScript, ScriptedStatus, Submission } from './job-script';
import type { ModelSpec } from './models';
import type { Order } from './render';

export interface JobInputs {
	image: string;
	/** Of two speakers. */
	left_audio?: string;
	right_audio?: string;
	/** Of one. */
	audio?: string;
	/** A picture that marks who speaks. */
	mask_image?: string;
	prompt?: string;
	order?: Order;
	seed?: number;
	resolution?: string;
}

export interface JobVideo {
	/** Path of the video without padding. */
	path: string;
	bytes: number;
}

/** What makes a job. */
export interface JobRequest extends Submission {
	spec: ModelSpec;
	inputs: JobInputs;
	script: JobScript;
}

/** One prediction and all its data; its status is the real one, whatever its script reports. */
export interface Job extends JobRequest, ScriptedStatus {
	id: string;
	/** Whether another client of the account made it, without a submission (`addJob`). */
	seeded: boolean;
	/** ISO 8601 with nanoseconds. */
	createdAtIso: string;
	/** Milliseconds since the epoch, server time, as are the following ones. */
	createdAt: number;
	startedAt?: number;
	endedAt?: number;
	video?: JobVideo;
	videoUrl: string;
	/** Number of polls so far. */
	polls: number;
	/** Number of history pages that matched it. */
	historyPages: number;
	deleted: boolean;
}

let serial = 0;

/** ISO 8601 with nanoseconds, as the service writes it; a counter makes each one unique. */
export function nanoIso(time: number): string {
	serial = (serial + 1) % 1_000_000;
	return `${new Date(time).toISOString().slice(0, -1)}${String(serial).padStart(6, '0')}Z`;
}

/** Statuses of success: today's word, and those of older API forms. */
const SUCCESS = new Set(['completed', 'succeeded', 'success']);

export function isSuccess(status: string): boolean {
	return SUCCESS.has(status);
}
