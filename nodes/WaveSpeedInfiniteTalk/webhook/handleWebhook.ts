/** WaveSpeed's call to a paused execution. Nothing that it says is believed. */
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { WaveSpeedClient } from '../api/client';
import { isPlainObject, standingOf } from '../api/prediction';
import { hasValidSignature } from './signature';
import { endedJob, lastSeenRunning, rememberEnded, rememberRunning } from './endedJobs';
import { KeyedLock } from '../shared/limit';
import { toResult } from '../shared/result';
import { createHttp, readBaseUrl } from '../n8n/http';
import type { WaitingRun } from './pause';
import { peekWaiting, wake } from './pause';

/** The secrets seen last, by base URL and credential. */
const secrets = new Map<string, string>();

/** Calls for the same jobs are looked into one after the other: each knows what the one before saw. */
const calls = new KeyedLock();

/**
 * Wakes the paused node when all its jobs have ended, as WaveSpeed's API says; else the execution
 * keeps waiting. Never throws: n8n would let the execution go on with an empty item.
 */
export async function receiveCall(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const waiting = peekWaiting(context);
	if (!waiting) return answer(context, 200, 'Nothing is waited for');
	const run = waiting.items.map((item) => ('id' in item ? item.id : '')).join();
	const outcome = await toResult(calls.run(run, async () => await examine(context, waiting)));
	if ('error' in outcome) {
		context.logger.warn(
			`WaveSpeed InfiniteTalk: callback not handled: ${messageOf(outcome.error)}`,
		);
		// WaveSpeed repeats a call that was not answered well.
		return answer(context, 503, 'The jobs could not be read, please call again');
	}
	if (outcome.value === 'forged') return answer(context, 401, 'The signature is wrong');
	if (outcome.value === 'unfinished') return answer(context, 200, 'Not all jobs have ended');
	return { workflowData: wake(context, waiting) };
}

async function examine(
	context: IWebhookFunctions,
	waiting: WaitingRun,
): Promise<'forged' | 'unfinished' | 'ended'> {
	const baseUrl = await readBaseUrl(context);
	const client = new WaveSpeedClient(
		createHttp(context, new AbortController().signal),
		baseUrl,
		Date.now,
	);
	if (!(await isGenuine(context, client))) return 'forged';
	const body: unknown = context.getBodyData();
	const hinted = isPlainObject(body) ? body.id : undefined;
	const open = waiting.items.flatMap((item) => ('id' in item && !item.ended ? [item] : []));
	// The job that the call names comes first: most likely it has ended. Then the one that was not
	// asked for the longest, so that many calls do not all ask for the same job.
	const turn = ({ id }: { id: string }) => (id === hinted ? -1 : lastSeenRunning(id));
	for (const item of open.sort((a, b) => turn(a) - turn(b))) {
		const prediction = endedJob(item.id) ?? (await client.result(item.id));
		if (standingOf(prediction) === 'unfinished') {
			rememberRunning(item.id, Date.now());
			return 'unfinished';
		}
		rememberEnded(prediction);
		item.ended = prediction.raw;
	}
	return 'ended';
}

/** False when the call carries a signature that is wrong. The result is read again in any case. */
async function isGenuine(context: IWebhookFunctions, client: WaveSpeedClient): Promise<boolean> {
	const headers = context.getHeaderData();
	const signature = headers['webhook-signature'];
	if (signature === undefined) return true;
	const account = `${client.baseUrl} ${JSON.stringify(context.getNode().credentials ?? {})}`;
	const { rawBody } = context.getRequestObject() as { rawBody?: unknown };
	const call = {
		id: String(headers['webhook-id'] ?? ''),
		timestamp: String(headers['webhook-timestamp'] ?? ''),
		signature: String(signature),
		body: Buffer.isBuffer(rawBody) ? rawBody : Buffer.alloc(0),
	};
	const signedBy = (secret: string) =>
		hasValidSignature(secret, call, client.toServerTime(Date.now()));
	const known = secrets.get(account);
	if (known && signedBy(known)) return true;
	// The account may have another secret by now, and the answer also tells the server's time.
	const fetched = await toResult(client.webhookSecret());
	if (!('value' in fetched) || !fetched.value) return true;
	secrets.set(account, fetched.value);
	return signedBy(fetched.value);
}

function answer(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
