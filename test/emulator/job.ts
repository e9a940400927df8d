import { randomBytes } from 'node:crypto';
import type { JobScript, ScriptedStatus, Submission } from './job-script';
import type { Order } from './render';

export interface JobInputs {
	image: string;
	left_audio: string;
	right_audio: string;
	prompt?: string;
	order?: Order;
	seed?: number;
}

/** How the service read one of the three inputs. */
export interface InputRead {
	field: string;
	url: string;
	ok: boolean;
	bytes?: number;
	seconds?: number;
	error?: string;
}

export interface JobVideo {
	/** Path of the video without padding. */
	path: string;
	bytes: number;
}

export interface JobEnd {
	status: string;
	code: number;
	error: string;
	/** Milliseconds since the epoch. */
	time: number;
}

/** One prediction and all its data. */
export interface Job {
	id: string;
	submission: Submission;
	inputs: JobInputs;
	/** Body keys that were dropped silently. */
	ignoredKeys: string[];
	script: JobScript;
	/** ISO 8601 with nanoseconds. */
	createdAtIso: string;
	/** Milliseconds since the epoch. */
	createdAt: number;
	startedAt?: number;
	phase: 'created' | 'processing' | 'ended';
	end?: JobEnd;
	video?: JobVideo;
	videoUrl: string;
	reads: InputRead[];
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

export function makeId(form: JobScript['id'] = 'hex'): string {
	const hex = randomBytes(16).toString('hex');
	if (form === 'hex') return hex;
	if (form === 'pred') return `pred_${hex.slice(0, 24)}`;
	if (form === 'task') return `task-${hex.slice(0, 20)}`;
	return form;
}

/** The real status of a job, whatever its script reports. */
export function realStatus(job: Job): ScriptedStatus {
	return job.phase === 'ended' && job.end ? job.end : { status: job.phase };
}

const REFUNDED = new Set(['failed', 'timeout', 'cancelled', 'canceled']);

export function isRefunded(status: string): boolean {
	return REFUNDED.has(status);
}
