import type { INodeTypeDescription } from 'n8n-workflow';
import { FormData, Response } from 'undici';
import { until } from '../lib/until';
import { Executions } from './executions';
import { N8nApiError, Session, type Login } from './session';
import type {
	Answer,
	CredentialTest,
	StoredCredential,
	StoredWorkflow,
	WorkflowJson,
} from './types';

export const OWNER = {
	email: 'owner@example.com',
	password: 'Talking-Video-1',
	firstName: 'Olivia',
	lastName: 'Owner',
} as const;

/** n8n as its editor drives it, over the API that the editor uses. */
export class N8nClient extends Executions {
	/** @param login of an earlier client, which saves logging in: n8n allows five a minute */
	constructor(url: string, login?: Login) {
		super(new Session(url, login));
	}

	/** Logs in as the owner, creating the owner first in a new n8n. */
	async login(): Promise<void> {
		const { userManagement } = await this.session.call<{
			userManagement: { showSetupOnFirstLoad: boolean };
		}>('GET', '/rest/settings');
		if (userManagement.showSetupOnFirstLoad) {
			await this.session.call('POST', '/rest/owner/setup', OWNER);
			return;
		}
		await this.session.call('POST', '/rest/login', {
			emailOrLdapLoginId: OWNER.email,
			password: OWNER.password,
		});
	}

	/** All node types as the editor gets them. */
	async nodeTypes(): Promise<INodeTypeDescription[]> {
		return await this.session.call('GET', '/types/nodes.json');
	}

	/** All credential types as the editor gets them. */
	async credentialTypes(): Promise<Array<{ name: string; displayName: string }>> {
		return await this.session.call('GET', '/types/credentials.json');
	}

	async createCredential(
		type: string,
		data: Record<string, unknown>,
		name = type,
	): Promise<StoredCredential> {
		return await this.session.call('POST', '/rest/credentials', { name, type, data });
	}

	async updateCredential(
		credential: StoredCredential,
		data: Record<string, unknown>,
	): Promise<StoredCredential> {
		const { id, name, type } = credential;
		return await this.session.call('PATCH', `/rest/credentials/${id}`, { id, name, type, data });
	}

	async deleteCredential(id: string): Promise<void> {
		await this.session.call('DELETE', `/rest/credentials/${id}`);
	}

	/** Tests a stored credential, or one with other data than stored, like the editor's dialogue. */
	async testCredential(
		{ id, name, type }: StoredCredential,
		data?: Record<string, unknown>,
	): Promise<CredentialTest> {
		// As the editor has it, with secrets blanked out.
		const stored = `/rest/credentials/${id}?includeData=true`;
		const { data: held } = await this.session.call<{ data: object }>('GET', stored);
		return await this.session.call('POST', '/rest/credentials/test', {
			credentials: { id, name, type, data: data ?? held },
		});
	}

	/** All workflows, without their nodes. */
	async workflows(): Promise<Array<{ id: string; name: string; active: boolean }>> {
		return await this.session.call('GET', '/rest/workflows');
	}

	/** All credentials, without what they hold. */
	async credentials(): Promise<StoredCredential[]> {
		return await this.session.call('GET', '/rest/credentials');
	}

	async createWorkflow(workflow: WorkflowJson): Promise<StoredWorkflow> {
		const { name, nodes, connections, settings = {}, pinData } = workflow;
		return await this.session.call('POST', '/rest/workflows', {
			name,
			nodes,
			connections,
			// n8n 1 asks for it.
			active: false,
			settings: { executionOrder: 'v1', ...settings },
			...(pinData ? { pinData } : {}),
		});
	}

	async getWorkflow(id: string): Promise<StoredWorkflow> {
		return await this.session.call('GET', `/rest/workflows/${id}`);
	}

	/** Saves a changed workflow; a published one stays as published until activated again. */
	async updateWorkflow(id: string, change: Partial<WorkflowJson>): Promise<StoredWorkflow> {
		const { versionId } = await this.getWorkflow(id);
		return await this.session.call('PATCH', `/rest/workflows/${id}?forceSave=true`, {
			...change,
			versionId,
		});
	}

	/** Publishes the workflow and waits until its production webhooks, if any, are registered. */
	async activate(id: string): Promise<StoredWorkflow> {
		const { versionId, nodes } = await this.getWorkflow(id);
		const active = await this.publish(id, versionId);
		for (const node of nodes) {
			if (node.type !== 'n8n-nodes-base.webhook' || node.disabled) continue;
			// n8n registers it a moment later. Asked for by a method that no webhook of ours has, it names
			// those that it does know for the path.
			const path = `/webhook/${String(node.parameters.path)}`;
			await until(
				async () => {
					const { statusCode, body } = await this.session.send('PUT', path);
					return (await body.text()).includes('not registered for PUT') && statusCode === 404;
				},
				{ what: `${path} to be registered` },
			);
		}
		return active;
	}

	async deactivate(id: string): Promise<void> {
		await this.session.call('POST', `/rest/workflows/${id}/deactivate`, {});
	}

	/** Sends JSON or a form to an address of n8n's, such as a webhook's; any status is an answer. */
	async post(path: string, body: object = {}): Promise<Answer> {
		const encoded = body instanceof FormData ? new Response(body) : Response.json(body);
		const answer = await this.session.send('POST', path, {
			headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
			body: Buffer.from(await encoded.arrayBuffer()),
		});
		return {
			status: answer.statusCode,
			type: String(answer.headers['content-type']),
			body: Buffer.from(await answer.body.arrayBuffer()),
		};
	}

	/** The bytes of a stored binary, by the `id` in an item's binary data. */
	async download(binaryId: string): Promise<Buffer> {
		const query = new URLSearchParams({ id: binaryId, action: 'download' });
		const path = `/rest/binary-data?${query.toString()}`;
		const answer = await this.session.send('GET', path);
		const bytes = Buffer.from(await answer.body.arrayBuffer());
		if (answer.statusCode === 200) return bytes;
		throw new N8nApiError('GET', path, answer.statusCode, bytes.toString());
	}

	async close(): Promise<void> {
		await this.session.close();
	}

	private async publish(id: string, versionId: string): Promise<StoredWorkflow> {
		const path = `/rest/workflows/${id}`;
		try {
			return await this.session.call('POST', `${path}/activate`, { versionId });
		} catch (error) {
			if (!(error instanceof N8nApiError) || error.status !== 404) throw error;
			// n8n 1 has no such address.
			return await this.session.call('PATCH', path, { active: true, versionId });
		}
	}
}
