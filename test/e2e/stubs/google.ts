import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { startStub, type Received, type Reply, type StubServer } from '../../fixtures/stub-server';
import { fixture, type WorkflowJson } from '../../testbed';

/** A sheet, a folder of files and a video channel. */
export interface Google extends StubServer {
	/** The rows of the sheet below its titles; the first one has the number 2, as in Google's. */
	readonly rows: IDataObject[];
	/** Files that were uploaded to Google Drive, by their names. */
	readonly saved: Map<string, Buffer>;
	/** Videos that were uploaded to YouTube, by their titles. */
	readonly videos: Map<string, Buffer>;
}

export async function startGoogle(): Promise<Google> {
	const rows: IDataObject[] = [];
	const saved = new Map<string, Buffer>();
	const videos = new Map<string, Buffer>();
	const routes: Record<string, (request: Received) => Reply> = {
		'GET /rows': () => ({ body: rows.map((row, index) => ({ row_number: index + 2, ...row })) }),
		'POST /rows': ({ body }) => {
			const { row_number: number, ...cells } = JSON.parse(body.toString()) as IDataObject;
			const row = rows[Number(number) - 2];
			if (!row) return { status: 400, body: `No row ${String(number)}` };
			return { body: Object.assign(row, cells) };
		},
		'GET /file': ({ query }) => {
			const { type, content } = fixture(query.get('name') ?? '');
			return { type, body: content };
		},
		'POST /file': ({ query, body }) => {
			const name = query.get('name') ?? '';
			saved.set(name, body);
			return { body: { id: `id-of-${name}`, name } };
		},
		'POST /video': ({ query, body }) => {
			videos.set(query.get('name') ?? '', body);
			return { body: { uploadId: 'video' } };
		},
	};
	const stub = await startStub((request) => {
		const route = routes[`${request.method} ${request.path}`];
		return route?.(request) ?? { status: 404, body: 'No such route' };
	});
	return { ...stub, rows, saved, videos };
}

/**
 * Puts HTTP Request nodes in the place of Google's, since those know no other address. Names, wires
 * and expressions stay: the files, the rows and where they come from are those of the example.
 *
 * @param files fixtures by the names of the nodes that download them
 */
export function useGoogleStub(
	{ nodes }: WorkflowJson,
	{ url }: Google,
	files: Readonly<Record<string, string>> = {},
): void {
	for (const node of nodes) {
		const parameters = stubParameters(node, url, files[node.name]);
		if (!parameters) continue;
		if (!node.credentials) throw new Error(`"${node.name}" has no credential.`);
		delete node.credentials;
		Object.assign(node, { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters });
	}
}

function stubParameters(node: INode, url: string, file?: string): INodeParameters | undefined {
	const { operation, options, columns } = node.parameters;
	const kind = `${node.type.replace('n8n-nodes-base.', '')} ${String(operation)}`;
	switch (kind) {
		case 'googleSheets read':
			return { url: `${url}/rows`, options: {} };
		case 'googleSheets update':
			return { method: 'POST', url: `${url}/rows`, ...body((columns as IDataObject).value) };
		case 'googleDrive download': {
			const field = (options as INodeParameters).binaryPropertyName;
			const response = { responseFormat: 'file', outputPropertyName: field ?? 'data' };
			return { url: `${url}/file?name=${file}`, options: { response: { response } } };
		}
		case 'googleDrive upload':
			return upload(`${url}/file`, node.parameters.name, node.parameters.inputDataFieldName);
		case 'youTube upload':
			return upload(`${url}/video`, node.parameters.title, node.parameters.binaryProperty);
		default:
			return undefined;
	}
}

function body(cells: unknown): INodeParameters {
	const parameters = Object.entries(cells as Record<string, string>).map(([name, value]) => ({
		name,
		value,
	}));
	return { sendBody: true, bodyParameters: { parameters }, options: {} };
}

function upload(url: string, name: unknown, field: unknown = 'data'): INodeParameters {
	return {
		method: 'POST',
		url,
		sendQuery: true,
		queryParameters: { parameters: [{ name: 'name', value: String(name) }] },
		sendBody: true,
		contentType: 'binaryData',
		inputDataFieldName: String(field),
		options: {},
	};
}
