/** A job that fails, and one with a random seed, which is deleted in the end. Costs money. */
import type { SubmitBody } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import { ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { deleteJob } from '../../../nodes/WaveSpeedInfiniteTalk/output/deleteJob';
import { RateLimitHold } from '../../../nodes/WaveSpeedInfiniteTalk/polling/rateLimitHold';
import { toResult } from '../../../nodes/WaveSpeedInfiniteTalk/shared/result';
import { Different, need } from '../findings';
import type { Session } from '../session';
import { checkRefund } from './charges';
import { inHistory, submitJob, waitForEnd } from './runJob';

/** The task's own code for a medium that cannot be read (wavespeed.ai/docs/error-codes). */
const UNREADABLE_MEDIUM = 1402;
/** Makes the service draw a seed. */
const RANDOM_SEED = -1;

/** @param missingFile address of a file that was announced and never sent */
export async function checkFailingJob(
	session: Session,
	body: SubmitBody,
	missingFile: string | undefined,
): Promise<void> {
	const { findings } = session;
	let failed: Prediction | undefined;
	await findings.check('failed-job', async () => {
		const image = need(missingFile, 'there is no address of a missing file');
		const job = await submitJob(session, 'failing', { ...body, image });
		const end = await waitForEnd(session, job);
		const text = `job ${job.id}: "${end.status}", code ${end.code}, "${end.error}"`;
		if (end.status === 'failed') failed = end;
		if (end.status !== 'failed' || end.code !== UNREADABLE_MEDIUM) throw new Different(text);
		return [text, undefined];
	});
	await checkRefund(session, failed);
}

export async function checkRandomSeed(session: Session, body: SubmitBody): Promise<void> {
	const { findings } = session;
	const made = await findings.check('seed-random', async () => {
		const job = await submitJob(session, 'random', { ...body, seed: RANDOM_SEED });
		const end = await waitForEnd(session, job);
		if (end.state !== 'completed') throw new Different(`it ended as "${end.status}": ${end.error}`);
		const shown = (await inHistory(session, job.id))?.inputs?.seed;
		return [`job ${job.id}; the history shows ${shown ?? 'no seed'}`, job];
	});
	await checkDeletion(session, made);
}

async function checkDeletion(session: Session, made: Prediction | undefined): Promise<void> {
	const { findings, client, clock } = session;
	const deleted = await findings.check('delete', async () => {
		const { id } = need(made, 'there is no job to delete');
		await deleteJob(client, id, clock, new RateLimitHold(clock));
		return [`job ${id}`, id];
	});
	await findings.check('deleted-job', async () => {
		const id = need(deleted, 'no job was deleted');
		const result = await toResult(client.result(id));
		const listed = (await inHistory(session, id)) ? 'listed' : 'not listed';
		if ('error' in result) {
			if (!(result.error instanceof ApiError) || result.error.kind !== 'notFound')
				throw result.error;
			return [`404, ${listed} in the history`, undefined];
		}
		const { state, status } = result.value;
		const text = `it has the status "${status}", and is ${listed} in the history`;
		if (state !== 'failed') throw new Different(text);
		return [text, undefined];
	});
}
