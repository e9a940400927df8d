/** What all answers of the pass together show. */
import {
	isPlainObject,
	parsePrediction,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { isApiCall } from '../calls';
import { Different, need } from '../findings';
import type { Session } from '../session';

/** wavespeed.ai/docs/get-result, and the official clients. */
const STATUSES = new Set(['created', 'processing', 'pending', 'completed', 'failed']);

export async function checkStatuses({ findings, http, ownJobs }: Session): Promise<void> {
	await findings.check('statuses', async () => {
		const seen = new Set<string>();
		for (const { call, answer } of http.exchanges) {
			if (call !== 'submit' && call !== 'result') continue;
			const job = parsePrediction(isPlainObject(answer) ? answer.data : undefined);
			if (job && ownJobs.includes(job.id)) seen.add(job.status);
		}
		need(seen.size > 0 || undefined, 'there was no job');
		const unknown = [...seen].find((status) => !STATUSES.has(status));
		if (unknown !== undefined) throw new Different(`"${unknown}" is another one`);
		return [[...seen].join(', '), undefined];
	});
}

export async function checkEnvelope({ findings, http }: Session): Promise<void> {
	await findings.check('envelope', async () => {
		const successes = http.exchanges.filter(
			({ call, status = 0 }) => isApiCall(call) && status >= 200 && status < 300,
		);
		need(successes[0], 'there was no such answer');
		for (const { call, answer } of successes) {
			const code = isPlainObject(answer) ? answer.code : undefined;
			if (code !== 200) throw new Different(`${call} has the code ${JSON.stringify(code)}`);
		}
		return [`in ${successes.length} answers`, undefined];
	});
}
