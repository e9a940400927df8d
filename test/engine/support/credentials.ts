import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	IHttpRequestOptions,
	INodeCredentialsDetails,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { ICredentialsHelper, NodeHelpers } from 'n8n-workflow';
import { WaveSpeedInfiniteTalkApi } from '../../../credentials/WaveSpeedInfiniteTalkApi.credentials';

export const CREDENTIAL_TYPE = 'waveSpeedInfiniteTalkApi';

/**
 * Credentials from memory instead of n8n's database; all else as n8n's own helper does it: defaults
 * of the credential's fields, and its `authenticate`.
 */
export class MemoryCredentials extends ICredentialsHelper {
	private readonly type = new WaveSpeedInfiniteTalkApi();

	/** @param stored by ID */
	constructor(readonly stored: Map<string, ICredentialDataDecryptedObject>) {
		super();
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		this.requireType(typeName);
		return await this.type.authenticate(credentials, requestOptions as IHttpRequestOptions);
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getCredentials(): Promise<ICredentials> {
		throw new Error('Nothing asks for an encrypted credential here');
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		{ id }: INodeCredentialsDetails,
		typeName: string,
	): Promise<ICredentialDataDecryptedObject> {
		this.requireType(typeName);
		const stored = this.stored.get(id ?? '');
		if (!stored) throw new Error(`Credential with ID "${id}" does not exist`);
		const properties = this.getCredentialsProperties();
		const complete = NodeHelpers.getNodeParameters(
			properties,
			stored as Parameters<typeof NodeHelpers.getNodeParameters>[1],
			true,
			false,
			null,
			null,
		);
		return complete as ICredentialDataDecryptedObject;
	}

	async updateCredentials(): Promise<void> {}

	async updateCredentialsOauthTokenData(): Promise<void> {}

	getCredentialsProperties(): INodeProperties[] {
		return this.type.properties;
	}

	private requireType(name: string): void {
		if (name !== CREDENTIAL_TYPE) throw new Error(`There is no credential type ${name}`);
	}
}
