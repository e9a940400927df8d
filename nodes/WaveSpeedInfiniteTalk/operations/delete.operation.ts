import { updateDisplayOptions } from 'n8n-workflow';
import { deleteJob } from '../output/deleteJob';
import { settleItems, toNodeItems } from '../n8n/items';
import { Semaphore } from '../shared/semaphore';
import { jobIdFields, readJobId } from './jobIdField';
import type { Operation } from './operation';
import { prepareItems, requirePrepared } from './prepareItems';

/** Jobs deleted at the same time: one short request each. */
const MAX_CONCURRENT_DELETIONS = 5;

export const deleteOperation: Operation = {
	resource: 'video',
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete a video',
		description: 'Permanently delete a job and its video from WaveSpeed',
	},
	fields: updateDisplayOptions({ show: { resource: ['video'], operation: ['delete'] } }, [
		{
			displayName:
				'Deletion is permanent. It does not stop a running job, and WaveSpeed does not promise a refund.',
			name: 'deleteNotice',
			type: 'notice',
			default: '',
		},
		...jobIdFields,
	]),

	async execute(run) {
		const prepared = await prepareItems(run, async (item) => readJobId(item));
		const limit = new Semaphore(MAX_CONCURRENT_DELETIONS);
		const results = await settleItems(run, async (index) => {
			const id = requirePrepared(prepared, index);
			await limit.run(async () => await deleteJob(run.client, id, run.calls));
			return { json: { deleted: true } };
		});
		return toNodeItems(run, results);
	},
};
