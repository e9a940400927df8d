import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import type { StoredCredential, WorkflowJson } from '../../testbed/n8n';
import { chain, node, readFile, webhookTrigger, workflow } from '../../testbed/workflow';
import type { Parameters } from '../../testbed/workflow';
import { mediaFields, NODE_TYPE, NODE_TYPE_VERSION } from '../../testbed/video-node';
import type { MediaSet } from './media';

export const OURS = 'Make the video';
export const COMBINE = 'Combine the turns';
export const MODEL_PATH = '/api/v3/wavespeed-ai/infinitetalk-fast/multi';

const FROM = {
	picture: "$('Picture').first().binary.data",
	right: "$('Right voice').first().binary.data",
};

/** A new job each time, as scenarios repeat the same inputs; waited for in memory. */
const USUAL_OPTIONS: Parameters = { seed: -1, waiting: 'keepRunning' };

/**
 * Our node, one item for each left voice. Answered at the end of the execution.
 *
 * @param options of the node, beside {@link USUAL_OPTIONS}
 */
export function ourWorkflow(
	media: MediaSet,
	credential: StoredCredential,
	options: Parameters = {},
): WorkflowJson {
	return videoWorkflow(start(), media, credential, { ...USUAL_OPTIONS, ...options });
}

/** The same, answered at once, so that n8n may store the execution while its jobs run. */
export function storedWorkflow(
	media: MediaSet,
	credential: StoredCredential,
	options: Parameters = {},
): WorkflowJson {
	const trigger = webhookTrigger(randomUUID());
	return videoWorkflow(trigger, media, credential, { seed: -1, ...options });
}

function videoWorkflow(
	trigger: INode,
	media: MediaSet,
	credential: StoredCredential,
	options: Parameters,
): WorkflowJson {
	const ours = node(
		OURS,
		NODE_TYPE,
		{
			...mediaFields('binary', [`={{ ${FROM.picture} }}`, 'left_audio', `={{ ${FROM.right} }}`]),
			options,
		},
		{ typeVersion: NODE_TYPE_VERSION, use: [credential] },
	);
	return workflow('Our node', ...chain(trigger, ...sources(media), ours));
}

/** The left voices, combined to a conversation. Answered at the end of the execution. */
export function combineWorkflow(media: MediaSet): WorkflowJson {
	const combine = node(
		COMBINE,
		NODE_TYPE,
		{
			resource: 'audio',
			operation: 'combineTurns',
			audio: { __rl: true, mode: 'binary', value: 'data' },
			speaker: "={{ $itemIndex % 2 ? 'right' : 'left' }}",
			options: { pauseSeconds: 0 },
		},
		{ typeVersion: NODE_TYPE_VERSION },
	);
	return workflow('Combine Turns', ...chain(start(), readFile('Voices', media.left), combine));
}

/** Answered at the end of the execution, with nothing. */
function start(): INode {
	return webhookTrigger(randomUUID(), { responseMode: 'lastNode', responseData: 'noData' });
}

function sources(media: MediaSet): INode[] {
	return [
		readFile('Picture', media.picture),
		readFile('Right voice', media.right),
		readFile('Voices', media.left, 'left_audio'),
	];
}

/** Nodes of the recipe, the built-in nodes that people wire together today. */
export const RECIPE_NODES = [
	...['Upload picture', 'Upload left', 'Upload right'],
	...['Submit', 'Wait', 'Result', 'Completed?', 'Download'],
];

/** The same from n8n's built-in nodes: one-step uploads, then a loop that asks every 5 seconds. */
export function recipeWorkflow(
	media: MediaSet,
	baseUrl: string,
	bearer: StoredCredential,
): WorkflowJson {
	const http = (name: string, parameters: Parameters, authenticated = true): INode =>
		node(
			name,
			'n8n-nodes-base.httpRequest',
			{
				...parameters,
				...(authenticated && {
					authentication: 'genericCredentialType',
					genericAuthType: 'httpBearerAuth',
				}),
			},
			{ typeVersion: 4.2, ...(authenticated && { use: [bearer] }) },
		);
	const upload = (name: string, file: string): INode =>
		http(name, {
			method: 'POST',
			url: `${baseUrl}/api/v3/media/upload/binary`,
			sendBody: true,
			contentType: 'multipart-form-data',
			bodyParameters: {
				parameters: [{ parameterType: 'formBinaryData', name: 'file', inputDataFieldName: file }],
			},
			options: {},
		});
	const url = (name: string) => `$('${name}').item.json.data.download_url`;
	const submit = http('Submit', {
		method: 'POST',
		url: `${baseUrl}${MODEL_PATH}`,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `={{ JSON.stringify({ image: ${url('Upload picture')}, left_audio: ${url('Upload left')}, right_audio: ${url('Upload right')}, order: 'meanwhile', seed: -1 }) }}`,
		options: {},
	});
	const wait = node(
		'Wait',
		'n8n-nodes-base.wait',
		{ amount: 5, unit: 'seconds' },
		{ typeVersion: 1.1 },
	);
	const result = http('Result', {
		url: `=${baseUrl}/api/v3/predictions/{{ $json.data.id }}/result`,
		options: {},
	});
	const completed = node('Completed?', 'n8n-nodes-base.if', CONDITION, { typeVersion: 2.2 });
	const file = { response: { response: { responseFormat: 'file', outputPropertyName: 'data' } } };
	const download = http('Download', { url: '={{ $json.data.outputs[0] }}', options: file }, false);
	const uploads = [
		upload('Upload left', 'left_audio'),
		upload('Upload picture', `={{ ${FROM.picture} }}`),
		upload('Upload right', `={{ ${FROM.right} }}`),
	];
	const line = [start(), ...sources(media), ...uploads, submit, wait, result, completed];
	return workflow('HTTP Request recipe', ...chain(...line, download), [completed, wait, 1]);
}

const CONDITION: Parameters = {
	conditions: {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
		combinator: 'and',
		conditions: [
			{
				id: 'completed',
				leftValue: '={{ $json.data.status }}',
				rightValue: 'completed',
				operator: { type: 'string', operation: 'equals' },
			},
		],
	},
	options: {},
};
