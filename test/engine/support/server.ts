/** What n8n's server gives the engine, without its database: credentials, addresses, and a log. */
import { ExecutionLifecycleHooks, ExternalSecretsProxy } from 'n8n-core';
import {
	type ICredentialDataDecryptedObject,
	type ICredentialsHelper,
	type IHttpRequestOptions,
	type INodeCredentialsDetails,
	type IWorkflowExecuteAdditionalData,
	LoggerProxy,
	type Workflow,
} from 'n8n-workflow';
import { inspect } from 'node:util';
import { WaveSpeedInfiniteTalkApi } from '../../../credentials/WaveSpeedInfiniteTalkApi.credentials';
import { Container, Logger } from './injected';

/** The decrypted data of each credential, by its ID. */
type Credentials = Readonly<Record<string, ICredentialDataDecryptedObject>>;

/** What a workflow may ask the server for; all that needs a database is absent. */
export function additionalDataFor(
	workflow: Workflow,
	executionId: string,
	credentials: Credentials,
	publicUrl = 'http://127.0.0.1:5678/',
): IWorkflowExecuteAdditionalData {
	const data: Partial<IWorkflowExecuteAdditionalData> = {
		credentialsHelper: credentialsHelperFor(credentials),
		externalSecretsProxy: Container.get(ExternalSecretsProxy),
		executionId,
		hooks: new ExecutionLifecycleHooks('trigger', executionId, workflow as never),
		currentNodeExecutionIndex: 0,
		variables: {},
		instanceBaseUrl: publicUrl,
		webhookWaitingBaseUrl: `${publicUrl}webhook-waiting`,
		formWaitingBaseUrl: `${publicUrl}form-waiting`,
	};
	return data as IWorkflowExecuteAdditionalData;
}

/** As n8n's own helper does it, with the credential's own `authenticate`. */
function credentialsHelperFor(credentials: Credentials): ICredentialsHelper {
	const type = new WaveSpeedInfiniteTalkApi();
	const helper: Partial<ICredentialsHelper> = {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		preAuthentication: async () => undefined,
		getCredentialsProperties: () => type.properties,
		async getDecrypted(_additionalData, { id }: INodeCredentialsDetails) {
			const stored = credentials[id ?? ''];
			if (!stored) throw new Error(`Credential with ID "${id}" does not exist`);
			return stored;
		},
		authenticate: async (data, _type, request) =>
			await type.authenticate(data, request as IHttpRequestOptions),
	};
	return helper as ICredentialsHelper;
}

/** Everything that n8n and the node have written to n8n's log. */
export const logs: string[] = [];

const write =
	(level: string) =>
	(message: string, metadata: object = {}) => {
		logs.push(`${level} ${message} ${inspect(metadata, { depth: 10 })}`);
	};

/** In place of n8n's own, which writes for a console. */
const logger = {
	error: write('error'),
	warn: write('warn'),
	info: write('info'),
	debug: write('debug'),
	scoped: () => logger,
};
LoggerProxy.init(logger);
Container.set(Logger, logger as never);
