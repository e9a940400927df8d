import { expect, it } from '@jest/globals';
import type { INode, INodeTypeDescription } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { WaveSpeedInfiniteTalk } from '../../../nodes/WaveSpeedInfiniteTalk/WaveSpeedInfiniteTalk.node';

const { description } = new WaveSpeedInfiniteTalk();
const NODE = { typeVersion: 1.1 } as INode;

it.each([
	['getResult', '={{ $json.id }}', 1],
	['delete', '={{ $json.id }}', 1],
	['submitAndWait', '={{ $json.id }}', 0],
	['getResult', '', 0],
	['getResult', null, 0],
	['getResult', undefined, 0],
	['getResult', 'e6832d4abffb4d79bfbca19783fca133', 0],
])('%s with Job ID %j says %d times how to reach the list of jobs', (operation, value, times) => {
	const values = { resource: 'video', operation, predictionId: { __rl: true, mode: 'id', value } };
	const shown = (type: INodeTypeDescription) =>
		type.properties.filter(
			(field) =>
				field.name === 'jobListNotice' && NodeHelpers.displayParameter(values, field, NODE, type),
		);
	expect(shown(description)).toHaveLength(times);
	const tool = { ...description, name: `${description.name}Tool` };
	expect(shown(tool)).toHaveLength(0);
});
