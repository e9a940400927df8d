import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import type { StoredCredential, WorkflowJson } from '../../testbed/n8n';
import { chain, node, readFile, webhookTrigger, workflow } from '../../testbed/workflow';
import type { Parameters } from '../../testbed/workflow';
import { mediaFields, NODE_TYPE, NODE_TYPE_VERSION } from '../../testbed/video-node';
import type { MediaSet } from './media';

export const OURS = 'Make the video';
export const COMBINE = 'Combine the turns';

/** Our node, one item for each left voice, waited for in memory. Answered at the end of the execution. */
export function ourWorkflow(media: MediaSet, credential: StoredCredential): WorkflowJson {
	return videoWorkflow(start(), media, credential, { waiting: 'keepRunning' });
}

/** The same, answered at once, so that n8n may store the execution while its jobs run. */
export function storedWorkflow(
	media: MediaSet,
	credential: StoredCredential,
	options: Parameters = {},
): WorkflowJson {
	return videoWorkflow(webhookTrigger(randomUUID()), media, credential, options);
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
			...mediaFields('binary', [
				"={{ $('Picture').first().binary.data }}",
				'left_audio',
				"={{ $('Right voice').first().binary.data }}",
			]),
			// A new job each time, as scenarios repeat the same inputs.
			options: { seed: -1, ...options },
		},
		{ typeVersion: NODE_TYPE_VERSION, use: [credential] },
	);
	const sources = [
		readFile('Picture', media.picture),
		readFile('Right voice', media.right),
		readFile('Voices', media.left, 'left_audio'),
	];
	return workflow('Our node', ...chain(trigger, ...sources, ours));
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
