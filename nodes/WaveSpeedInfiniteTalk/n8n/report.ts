/** What a run tells people beside its output: where jobs stand, and what to know about the result. */
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Prediction } from '../api/prediction';
import { standingOf } from '../api/prediction';
import type { Submitted } from '../job/submitJob';

/** Key of the execution's custom data, by which executions can be searched and filtered. */
const CUSTOM_DATA_KEY = 'wavespeed_jobs';
/** n8n cuts custom data off there. */
const CUSTOM_DATA_CHARACTERS = 255;
/** More would not fit, however short they are. */
const MOST_IDS = 50;

export class Report {
	private readonly started: string[] = [];
	private ended = 0;
	private adopted = 0;
	private flagged = 0;

	constructor(private readonly context: IExecuteFunctions) {}

	/**
	 * Notes a job in n8n's log and in the execution's custom data: after Stop, n8n keeps nothing else of
	 * a node that was running.
	 */
	jobStarted(itemIndex: number, { id, origin }: Submitted): void {
		const { context } = this;
		this.started.push(id);
		if (origin === 'recovered') this.adopted++;
		context.logger.info(`WaveSpeed InfiniteTalk: job ${id} ${origin}`, {
			jobId: id,
			itemIndex,
			executionId: context.getExecutionId(),
			node: context.getNode().name,
		});
		context.customData?.set(CUSTOM_DATA_KEY, shorten(this.started));
		this.tell(itemIndex, `job ${id} ${origin}`);
	}

	/** Tells the person at the editor, when there is one, that a job has moved on. */
	jobChanged(itemIndex: number, prediction: Prediction): void {
		if (standingOf(prediction) !== 'unfinished') this.ended++;
		this.tell(itemIndex, `job ${prediction.id} is ${prediction.status}`);
	}

	/** A result that goes into the output. */
	resultGiven(prediction: Prediction): void {
		if (prediction.hasNsfwContents?.includes(true)) this.flagged++;
	}

	/** Says under the output what there is to know about it. */
	addHints(videos: number): void {
		const hints = [
			videos > 0 && 'The links to the videos expire 7 days after the jobs began: store the files.',
			this.adopted > 0 &&
				`${count(this.adopted, 'job was', 'jobs were')} found in WaveSpeed's history after a lost answer, and used instead of paying again.`,
			this.flagged > 0 &&
				`WaveSpeed flagged ${count(this.flagged, 'result', 'results')} as possibly not safe for work.`,
		];
		for (const message of hints) {
			if (message) this.context.addExecutionHints?.({ message, location: 'outputPane' });
		}
	}

	/** Shown in the browser's console of a manual run. */
	private tell(itemIndex: number, what: string): void {
		if (this.context.getMode() !== 'manual') return;
		const state = `${this.ended} of ${this.started.length} jobs ended`;
		this.context.sendMessageToUI(`WaveSpeed InfiniteTalk: item ${itemIndex}: ${what} (${state})`);
	}
}

function count(number: number, one: string, many: string): string {
	return `${number} ${number === 1 ? one : many}`;
}

/** As many of the IDs as fit, and how many more there are. */
function shorten(ids: readonly string[]): string {
	for (let kept = Math.min(ids.length, MOST_IDS); ; kept--) {
		const more = ids.length - kept;
		const text = `${ids.slice(0, kept).join(', ')}${more > 0 ? ` and ${more} more, see n8n's log` : ''}`;
		if (text.length <= CUSTOM_DATA_CHARACTERS || kept === 0) return text;
	}
}
