/** WaveSpeed's call to a stored execution. Nothing that it says is believed. */
import type { IRunExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import { WEBHOOK_PAUSE_MS, WEBHOOK_TRIES } from '../api/limits';
import { isPlainObject } from '../api/prediction';
import { noteFound } from '../paidOnce/jobMemory';
import type { WaitingItem, WaitingRun } from '../paidOnce/storedState';
import { openState } from '../paidOnce/storedState';
import { createClock } from '../n8n/clock';
import { readAccount } from '../n8n/account';
import { createHttp } from '../n8n/http';
import type { Clock } from '../shared/clock';
import { KeyedLock } from '../shared/semaphore';
import { toResult } from '../shared/result';
import { retry } from '../shared/retry';
import { endedJob, lastSeenRunning, rememberEnded, rememberRunning } from './polledJobs';
import type { RunPlace } from './rounds';
import { isRoundOver, noteWoken } from './rounds';
import { hasValidSignature } from './signature';

type RunningItem = Extract<WaitingItem, { state: 'running' }>;

/** The latest secrets, by base URL and credential. */
const secrets = new Map<string, string>();

/** Calls for the same wait are handled one after the other: each knows what the one before saw. */
const webhookLocks = new KeyedLock();

type Decision = 'wake' | 'over' | 'unfinished' | 'invalidSignature';

interface StoredWait {
	place: RunPlace;
	wait: WaitingRun;
}

/** Part of n8n's webhook context that its type does not show. */
interface ContextInternals {
	runExecutionData?: IRunExecutionData | null;
}

/**
 * Wakes the node when it has something to do, as WaveSpeed's API says: the job of the call has ended
 * and an item waits for its place, or all jobs have ended. Otherwise the execution stays stored. Each
 * round is woken once: further calls are taken, and change nothing. Never throws: n8n would let the
 * execution go on with an empty item.
 */
export async function handleWebhook(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const stored = storedWait(context);
	const running = stored?.wait.items.filter(
		(item): item is RunningItem => item.state === 'running',
	);
	const body: unknown = context.getBodyData();
	const called = isPlainObject(body) && typeof body.id === 'string' ? body.id : undefined;
	if (!stored || !running?.length) return respond(context, 200, 'Nothing is waited for');
	// A late call for a node that waited earlier in the same execution comes to the same address.
	if (called !== undefined && !running.some(({ id }) => id === called)) {
		return respond(context, 200, 'This job is not waited for');
	}
	const { place, wait } = stored;
	const decision = await webhookLocks.run(JSON.stringify(place), async (): Promise<Decision> => {
		if (isRoundOver(place, wait.round)) return 'over';
		const polled = await toResult(pollJobs(context, wait, running, called));
		// The credential is gone or wrong: the node says so better than any response to WaveSpeed.
		const decision = 'value' in polled ? polled.value : 'wake';
		if ('error' in polled) logFailure(context, polled.error);
		if (decision !== 'wake') return decision;
		// The node may have begun by time meanwhile.
		if (isRoundOver(place, wait.round)) return 'over';
		noteWoken(place, wait.round);
		return 'wake';
	});
	switch (decision) {
		case 'wake':
			return { workflowData: [] };
		case 'invalidSignature':
			return respond(context, 401, 'The signature is wrong');
		case 'over':
			return respond(context, 200, 'The node has been woken already');
		case 'unfinished':
			return respond(context, 200, 'There is nothing to do yet');
	}
}

function logFailure(context: IWebhookFunctions, error: unknown): void {
	const message = error instanceof Error ? error.message : String(error);
	context.logger.warn(`WaveSpeed InfiniteTalk: the call could not be checked: ${message}`);
}

/** The wait of this node that the execution is stored for. */
function storedWait(context: IWebhookFunctions): StoredWait | undefined {
	const { runExecutionData } = context as ContextInternals;
	if (!runExecutionData) return undefined;
	const node = context.getNode();
	const { waiting } = openState(NodeHelpers.getContext(runExecutionData, 'node', node));
	const found = Object.entries(waiting).find(([, { round, begun }]) => begun < round);
	if (!found) return undefined;
	const [runIndex, wait] = found;
	const executionId = context.getExecutionId();
	return { wait, place: { executionId, node: node.name, runIndex: Number(runIndex) } };
}

async function pollJobs(
	context: IWebhookFunctions,
	{ items }: WaitingRun,
	running: readonly RunningItem[],
	called: string | undefined,
): Promise<Decision> {
	const { baseUrl } = await readAccount(context);
	const signal = new AbortController().signal;
	const clock = createClock(signal);
	const client = new WaveSpeedClient(createHttp(context, signal), baseUrl, clock.now);
	if (!(await isFromWaveSpeed(context, client, clock.now))) return 'invalidSignature';
	// The woken node gets what is known, since n8n stores it when it wakes the execution.
	for (const item of running) {
		const known = endedJob(item.id);
		if (known) item.ended = known.raw;
	}
	const hasPending = items.some(({ state }) => state === 'pending');
	// The job that the call names comes first: most likely it has ended. Then the one polled least
	// recently, so that many calls do not all poll the same job.
	const order = ({ id }: RunningItem) => (id === called ? -1 : lastSeenRunning(id));
	for (const item of [...running].sort((a, b) => order(a) - order(b))) {
		const { id } = item;
		if (!item.ended) {
			const prediction = await readWithRetries(client, id, clock);
			if (prediction) noteFound(id);
			if (prediction?.state === 'unfinished') {
				rememberRunning(id, clock.now());
				// Another call may have come when the node could not be woken.
				return hasPending && running.some(({ ended }) => ended) ? 'wake' : 'unfinished';
			}
			// A job that cannot be read must not keep the others from being noticed.
			if (prediction) {
				rememberEnded(prediction);
				item.ended = prediction.raw;
			}
		}
		if (hasPending) return 'wake';
	}
	return 'wake';
}

/** @returns undefined when the job cannot be read, now or for good: the node finds out what to say */
async function readWithRetries(client: WaveSpeedClient, id: string, clock: Clock) {
	const reading = retry(async () => await client.result(id), {
		tries: WEBHOOK_TRIES,
		isRetryable: (error) => error instanceof ApiError && error.transient,
		delayMs: (failures) => WEBHOOK_PAUSE_MS * failures,
		clock,
	});
	const result = await toResult(reading);
	if ('value' in result) return result.value;
	if (!(result.error instanceof ApiError)) throw result.error;
	return undefined;
}

/** False when the call carries a signature that is wrong. The result is read again in any case. */
async function isFromWaveSpeed(
	context: IWebhookFunctions,
	client: WaveSpeedClient,
	now: () => number,
): Promise<boolean> {
	const headers = context.getHeaderData();
	const signature = headers['webhook-signature'];
	if (signature === undefined) return true;
	const account = `${client.baseUrl} ${JSON.stringify(context.getNode().credentials ?? {})}`;
	const { rawBody } = context.getRequestObject() as { rawBody?: unknown };
	const request = {
		id: String(headers['webhook-id'] ?? ''),
		timestamp: String(headers['webhook-timestamp'] ?? ''),
		signature: String(signature),
		body: Buffer.isBuffer(rawBody) ? rawBody : Buffer.alloc(0),
	};
	const signedBy = (secret: string) =>
		hasValidSignature(secret, request, client.toServerTime(now()));
	const known = secrets.get(account);
	if (known && signedBy(known)) return true;
	// The account may have another secret by now, and the response also tells the server's time.
	const fetched = await toResult(client.webhookSecret());
	if (!('value' in fetched) || !fetched.value) return true;
	secrets.set(account, fetched.value);
	return signedBy(fetched.value);
}

function respond(
	context: IWebhookFunctions,
	status: number,
	message: string,
): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
