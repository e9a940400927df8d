/** What a run tells people beside its output: the state of jobs, and what to know about the result. */
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Prediction } from '../api/prediction';
import type { RunNotes } from '../paidOnce/storedState';
import type { SubmittedJob } from '../paidOnce/submitJob';
import { localTime } from '../shared/localTime';
import { itemNumber } from './item';

/** Key of the execution's custom data, by which executions can be searched and filtered. */
const CUSTOM_DATA_KEY = 'wavespeed_jobs';
/** n8n cuts custom data off there. */
const CUSTOM_DATA_CHARACTERS = 255;
/** More would not fit, however short they are. */
const MAX_IDS = 50;

/** More in a note hide the output. */
const MAX_SHOWN_IDS = 10;

/** A job that a stored execution waits for. */
export interface AwaitedJob {
	id: string;
	/** When it was submitted, milliseconds since 1970; undefined when somebody else has submitted it. */
	since: number | undefined;
	/** Length of the video to expect, in seconds. */
	durationS?: number;
	/** How long such a video usually takes at most, in milliseconds. */
	usualMs?: number;
	/** True when a run with the same inputs would use the job again. */
	isReusable: boolean;
}

export class Report {
	private readonly started: string[] = [];
	/** Jobs that were announced in this run or an earlier one of the execution. */
	private readonly announced = new Set<string>();
	private ended = 0;
	private known: RunNotes = { notes: [], reusedFrom: [], recovered: 0, flagged: 0, videos: 0 };

	constructor(private readonly context: IExecuteFunctions) {}

	/** What there is to know so far, to be stored with a wait. */
	get notes(): RunNotes {
		return structuredClone(this.known);
	}

	/** Goes on with what was known before a stored wait. */
	resume(notes: RunNotes): void {
		this.known = structuredClone(notes);
	}

	/**
	 * Notes a job in n8n's log and in the execution's custom data: after Stop, n8n keeps nothing else of
	 * a node that was running.
	 */
	jobStarted(itemIndex: number, { id, origin, reusedFrom }: SubmittedJob): void {
		const { context } = this;
		this.started.push(id);
		if (origin === 'recovered') this.known.recovered++;
		if (reusedFrom !== undefined) this.known.reusedFrom.push(reusedFrom);
		context.logger.info(`WaveSpeed InfiniteTalk: job ${id} ${origin}`, {
			jobId: id,
			itemIndex,
			executionId: context.getExecutionId(),
			node: context.getNode().name,
		});
		context.customData?.set(CUSTOM_DATA_KEY, shorten(this.started));
		this.announce(itemIndex, id, origin);
	}

	/** Tells the person at the editor, when there is one, that a job has moved on. */
	jobChanged(itemIndex: number, prediction: Prediction): void {
		if (prediction.state !== 'unfinished') this.ended++;
		this.announce(itemIndex, prediction.id, `is ${prediction.status}`);
	}

	/** A submission got no readable response: whatever happens next, the log tells that a job may exist. */
	jobUnconfirmed(cause: string, since: number): void {
		const time = new Date(since).toISOString();
		this.context.logger.warn(
			`WaveSpeed InfiniteTalk: no readable response to the submission of ${time}, a job may exist: ${cause}`,
			{ executionId: this.context.getExecutionId(), node: this.context.getNode().name },
		);
	}

	/** Something to say under the output, once however many items it concerns. */
	addNote(message: string): void {
		if (!this.known.notes.includes(message)) this.known.notes.push(message);
	}

	/** A result that goes into the output. */
	resultGiven(prediction: Prediction): void {
		if (prediction.hasNsfwContents?.includes(true)) this.known.flagged++;
	}

	/** A video whose file goes into the output. */
	videoSaved(): void {
		this.known.videos++;
	}

	/** Says under the output what there is to know about it. */
	addHints(): void {
		const { notes, reusedFrom, recovered, flagged, videos } = this.known;
		const all = [
			flagged > 0 &&
				`WaveSpeed flagged ${count(flagged, 'result', 'results')} as possibly not safe for work.`,
			...notes,
			recovered > 0 &&
				`${count(recovered, 'job was', 'jobs were')} found in WaveSpeed's history and reused, so you do not pay again.`,
			reusedFrom.length > 0 && this.describeReuse(reusedFrom),
			videos > 0 && 'Video links expire 7 days after the job started. Save the files.',
		];
		for (const message of all) {
			if (message) this.context.addExecutionHints?.({ message, location: 'outputPane' });
		}
	}

	/**
	 * Says under the output, while the execution is stored, which jobs run. After Stop, n8n 2.40 still has it
	 * in the stored execution, but does not show it.
	 *
	 * @param until when the node looks next at the latest, milliseconds since 1970
	 */
	addWaitingHint(jobs: readonly AwaitedJob[], items: number, until: number): void {
		const isOne = jobs.length === 1;
		const ids = jobs.map(({ id }) => id);
		const shown = ids.slice(0, MAX_SHOWN_IDS).join(', ');
		const more = ids.length > MAX_SHOWN_IDS ? ` and ${ids.length - MAX_SHOWN_IDS} more` : '';
		const began = jobs.flatMap(({ since }) => since ?? []);
		const since = began.length > 0 ? this.clockTime(Math.min(...began)) : undefined;
		const running = since === undefined ? 'is running' : `has been running since ${since}`;
		const oldest = since === undefined ? '' : ` The first has been running since ${since}.`;
		const sentences = [
			items === 1
				? `Job ${shown} ${running}.`
				: `${waitingFor(ids.length, items)}: ${shown}${more}.${oldest}`,
			describePace(jobs),
			`Next check by ${this.time(until)}.`,
			describeStop(
				isOne,
				jobs.every(({ isReusable }) => isReusable),
			),
		];
		const message = sentences.filter(Boolean).join(' ');
		this.context.addExecutionHints?.({ message, location: 'outputPane' });
	}

	private describeReuse(reusedFrom: readonly string[]): string {
		const times = reusedFrom.map((time) => Date.parse(time)).filter((time) => time > 0);
		const when = times.length > 0 ? ` from ${this.time(Math.min(...times))}` : '';
		const many = reusedFrom.length;
		const jobs = many === 1 ? `The job${when} was` : `${many} jobs${when} and later were`;
		return `${jobs} reused because the inputs are the same. You paid nothing. For a new take, add the option Seed and leave it at -1.`;
	}

	/** In n8n's time zone, which is named: executions show times in the browser's. */
	private time(ms: number): string {
		return `${this.clockTime(ms)} (${this.context.getTimezone()})`;
	}

	private clockTime(ms: number): string {
		return localTime(ms, this.context.getTimezone(), Date.now());
	}

	/** Shown in the browser's console of a manual run. */
	private announce(itemIndex: number, id: string, what: string): void {
		if (this.context.getMode() !== 'manual') return;
		this.announced.add(id);
		const state = `${this.ended} of ${this.announced.size} jobs ended`;
		this.context.sendMessageToUI(
			`WaveSpeed InfiniteTalk: item ${itemNumber(itemIndex)}: job ${id} ${what} (${state})`,
		);
	}
}

/** How long the longest of the videos usually takes; empty when no length is known. */
function describePace(jobs: readonly AwaitedJob[]): string {
	const known = jobs.filter(({ usualMs }) => usualMs !== undefined);
	if (known.length === 0) return '';
	const minutes = Math.ceil(Math.max(...known.map(({ usualMs = 0 }) => usualMs)) / 60_000);
	const seconds = Math.round(Math.max(...known.map(({ durationS = 0 }) => durationS)));
	const video = jobs.length === 1 ? `A video of ${seconds} s` : `A video of up to ${seconds} s`;
	return `${video} usually takes up to ${count(minutes, 'minute', 'minutes')}.`;
}

function waitingFor(jobs: number, items: number): string {
	const wait = jobs === 1 ? 'is waiting for its job' : 'are waiting for their jobs';
	return `${jobs} of ${count(items, 'item', 'items')} ${wait}`;
}

function describeStop(isOne: boolean, isReusable: boolean): string {
	const [job, id, video] = isOne
		? ['job', 'this ID', 'its video']
		: ['jobs', 'these IDs', 'their videos'];
	const stop = `Stop does not stop or refund the ${job}.`;
	if (!isReusable) return `${stop} To get ${video} after Stop, use Get Result with ${id}.`;
	return `${stop} To get ${video} without paying again, run the workflow again with the same inputs.`;
}

function count(number: number, one: string, many: string): string {
	return `${number} ${number === 1 ? one : many}`;
}

/** As many of the IDs as fit, and how many more there are. */
function shorten(ids: readonly string[]): string {
	for (let kept = Math.min(ids.length, MAX_IDS); ; kept--) {
		const more = ids.length - kept;
		const text = `${ids.slice(0, kept).join(', ')}${more > 0 ? ` and ${more} more, see n8n's log` : ''}`;
		if (text.length <= CUSTOM_DATA_CHARACTERS || kept === 0) return text;
	}
}
