import path from 'node:path';
import type { WorkflowJson } from '../../test/testbed/n8n';
import type { Testbed } from '../../test/testbed/testbed';
import { media, NODE_TYPE, NODE_TYPE_VERSION } from '../../test/testbed/video-node';
import { chain, manualTrigger, node, readFile, workflow } from '../../test/testbed/workflow';

/** A conversation of two sound files, one line each, for a demo without a speech service. */
export function conversationWorkflow({
	files,
	credential,
}: Pick<Testbed, 'files' | 'credential'>): WorkflowJson {
	const lines = path.join(files, '*-voice.wav').replaceAll('\\', '/');
	const combine = {
		resource: 'audio',
		operation: 'combineTurns',
		audio: media('binary', 'data'),
		speaker: "={{ $json.fileName.startsWith('left') ? 'left' : 'right' }}",
		options: {},
	};
	const submit = {
		image: media('binary', "={{ $('Picture').first().binary.data }}"),
		order: 'meanwhile',
		options: { fileName: 'conversation.mp4' },
	};
	const [typeVersion, use] = [NODE_TYPE_VERSION, [credential]];
	return workflow(
		'Demo: a conversation',
		...chain(
			manualTrigger("When clicking 'Execute workflow'"),
			readFile('Picture', path.join(files, 'pair.png')),
			readFile('Lines', lines),
			node('Combine the lines', NODE_TYPE, combine, { typeVersion }),
			node('Make the video', NODE_TYPE, submit, { typeVersion, use }),
		),
	);
}
