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

/** How one of the three inputs was read by the service. */
export interface InputRead {
	field: string;
	url: string;
	ok: boolean;
	bytes?: number;
	seconds?: number;
	error?: string;
}

export interface JobVideo {
	/** File of the video without padding. */
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

/** One prediction and all that is known about it. */
export interface Job {
	id: string;
	submission: Submission;
	inputs: JobInputs;
	/** Body keys that the service dropped silently. */
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
	/** Readings of the result so far. */
	polls: number;
	/** History pages that would have shown it. */
	historyPages: number;
	deleted: boolean;
}

let serial = 0;

/** The service stamps nanoseconds; the last six digits make every stamp different here. */
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

/** The truth about a job, whatever scripts make the answers say. */
export function realStatus(job: Job): ScriptedStatus {
	return job.phase === 'ended' && job.end ? job.end : { status: job.phase };
}

const REFUNDED = new Set(['failed', 'timeout', 'cancelled', 'canceled']);

export function isRefunded(status: string): boolean {
	return REFUNDED.has(status);
}
