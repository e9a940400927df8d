import type { Execution } from '../../testbed/n8n';
import type { Parameters } from '../../testbed/workflow';
import type { Hook } from './webhook-workflow';
import { mediaFixtures } from '../../testbed/fixtures';
import { mediaFields } from '../../testbed/video-node';

/** A way in which media reach the node. */
export interface Kind {
	readonly kind: string;
	/** Fields of the node, which comes after a node that passes the webhook's item on. */
	readonly fields: Parameters;
	/** Calls the workflow with the media; the addresses are for the kind that uses them. */
	send(hook: Hook, urls: readonly [string, string, string]): Promise<Execution>;
}

const FILE_OF_CALL = (field: string) => `={{ $('Webhook').item.binary.${field} }}`;
const TEXT_OF_CALL = (key: string) => `={{ $('Webhook').item.json.body.${key} }}`;

/** Every way that the README names. */
export const KINDS: readonly Kind[] = [
	{
		kind: 'binary fields of other names',
		fields: mediaFields('binary', ['one', '={{ "two" }}', 'three']),
		send: async (hook) => {
			const { image: one, left_audio: two, right_audio: three } = mediaFixtures();
			return await hook.sendFiles({ one, two, three }, 'success');
		},
	},
	{
		kind: 'binary objects of an earlier node by expression',
		fields: mediaFields('binary', [
			FILE_OF_CALL('image'),
			FILE_OF_CALL('left_audio'),
			FILE_OF_CALL('right_audio'),
		]),
		send: async (hook) => await hook.sendFiles(mediaFixtures(), 'success'),
	},
	{
		kind: 'URLs from the JSON of the call',
		fields: mediaFields('url', [
			TEXT_OF_CALL('image'),
			TEXT_OF_CALL('left'),
			TEXT_OF_CALL('right'),
		]),
		send: async (hook, [image, left, right]) => {
			return await hook.sendJson({ image, left, right }, 'success');
		},
	},
];
