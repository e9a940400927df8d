/** What the account and the service say before anything is uploaded. Free. */
import { randomBytes } from 'node:crypto';
import type { ICredentialTestFunctions } from 'n8n-workflow';
import { ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { isPlainObject, RETENTION_MS } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { DEFAULT_MODEL, MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { isVideoGone } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/videoAvailability';
import { testWaveSpeedApi } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/credentialTest';
import { formatUsd } from '../../../nodes/WaveSpeedInfiniteTalk/shared/money';
import { toResult } from '../../../nodes/WaveSpeedInfiniteTalk/shared/result';
import { Different, NotRun, NotSeen } from '../findings';
import type { Session } from '../session';

const HOUR_MS = 3600_000;
const CREDENTIAL_TIMEOUT_MS = 15_000;
const WRONG_KEY = 'a-key-that-does-not-exist';

/**
 * @returns US dollars left on the account; undefined where they cannot be read
 * @throws NotRun when the key is refused, or nothing answers
 */
export async function checkAccount(session: Session): Promise<number | undefined> {
	const { findings, client, clock, http } = session;
	await findings.check('credential', async () => {
		const { status, message } = await testKey(session, session.account.apiKey);
		if (status === 'OK') return [message, undefined];
		const { status: code = 0 } = http.of('balance')[0] ?? {};
		// Without a working key, or a working service, nothing else tells anything.
		if (code === 0 || code === 401 || code >= 500) {
			throw new NotRun(`Nothing could be checked: ${message}`);
		}
		throw new Different(message);
	});
	await findings.check('wrong-key', async () => {
		const { status } = await testKey(session, WRONG_KEY);
		const code = http.of('balance').at(-1)?.status;
		if (status === 'Error' && code === 401) return ['refused with HTTP 401', undefined];
		throw new Different(`a made-up key was answered with HTTP ${code}`);
	});
	const balance = await findings.check('balance', async () => {
		const usd = await client.balance();
		if (usd === undefined) throw new Different('there is no number');
		return [`${formatUsd(usd)} left`, usd];
	});
	await findings.check('date-header', async () => {
		const date = Date.parse(http.of('balance').at(-1)?.headers.date ?? '');
		if (Number.isNaN(date)) throw new Different('there is no Date header');
		const seconds = Math.abs(Math.round((date - clock.now()) / 1000));
		return [`${seconds} s apart from this machine's clock`, undefined];
	});
	await findings.check('webhook-secret', async () => {
		const secret = await client.webhookSecret();
		if (secret?.startsWith('whsec_')) return ['readable, begins with whsec_', undefined];
		throw new Different(secret ? 'it does not begin with whsec_' : 'there is none');
	});
	await findings.check('model-inputs', async () => [await modelInputs(session), undefined]);
	await findings.check('unknown-job', async () => {
		const result = await toResult(client.result(randomBytes(16).toString('hex')));
		if ('value' in result) throw new Different(`it has the status "${result.value.status}"`);
		const { error } = result;
		if (error instanceof ApiError && error.kind === 'notFound') return ['404', undefined];
		throw error;
	});
	await findings.check('retention', async () => [await oldestJob(session), undefined]);
	return balance;
}

/** The node's own test of the credential, with the one helper that it uses. */
async function testKey({ http, account }: Session, apiKey: string) {
	const request = async (options: { uri: string; headers: Record<string, string> }) => {
		const { status, headers, text } = await http.send({
			method: 'GET',
			url: options.uri,
			headers: options.headers,
			authenticated: false,
			idleTimeoutMs: CREDENTIAL_TIMEOUT_MS,
		});
		return { statusCode: status, headers, body: text };
	};
	const context = { helpers: { request } } as unknown as ICredentialTestFunctions;
	const credential = { id: '', name: '', type: '', data: { ...account, apiKey } };
	return await testWaveSpeedApi.call(context, credential);
}

async function modelInputs({ transport }: Session): Promise<string> {
	const data = await transport.call('GET', 'models');
	const listed = Array.isArray(data) ? data.filter(isPlainObject) : [];
	for (const { id, resolution } of Object.values(MODELS)) {
		const model = listed.find(({ model_id: listedId }) => listedId === id);
		if (!model) throw new Different(`${id} is not in the list of models`);
		const properties = inputsOf(model);
		const sent = ['image', 'left_audio', 'right_audio', 'prompt', 'order', 'seed'];
		for (const key of resolution ? [...sent, 'resolution'] : sent) {
			if (!(key in properties)) throw new Different(`${id} has no input ${key}`);
		}
	}
	return 'all of them are in the list of models';
}

function inputsOf(model: Record<string, unknown>): object {
	const schema = model.api_schema as {
		api_schemas?: Array<{ type?: string; request_schema?: { properties?: object } }>;
	};
	const run = schema?.api_schemas?.find(({ type }) => type === 'model_run');
	return run?.request_schema?.properties ?? {};
}

async function oldestJob({ client, http, account, clock }: Session): Promise<string> {
	const createdBefore = client.toServerTime(clock.now()) - RETENTION_MS - HOUR_MS;
	const query = { model: DEFAULT_MODEL.id, page: 1, pageSize: 10, createdBefore };
	const { items } = await client.listPredictions({ ...query, includeInputs: false });
	if (items.length === 0) return 'no older job is listed';
	const video = items.find(({ outputs }) => outputs.length > 0)?.outputs[0];
	if (video === undefined) throw new NotSeen('older jobs are listed, none with a video');
	if (await isVideoGone(http, video, account.baseUrl)) {
		return 'older jobs are listed, and their videos are gone';
	}
	throw new Different('the video of an older job is still there');
}
