/** How bills are read for many jobs. */
import { describe, expect, it } from '@jest/globals';
import type { Run } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/run';
import { addCharges } from '../../../nodes/WaveSpeedInfiniteTalk/operations/charges';
import { API, createRefusal, createSuccess, freshApi } from '../support/api';
import { fresh } from '../support/fresh';
import { jsonOf } from '../support/http';

const { calls, client, http } = freshApi();

const BILLINGS_URL = `${API}/billings/search`;

const notes = fresh((): string[] => []);

async function chargesOf(ids: readonly string[]) {
	const report = { addNote: (note: string) => notes.push(note) };
	const outputs = ids.map((id) => ({ json: { id, charged: undefined as unknown } }));
	await addCharges({ client, calls, report } as unknown as Run, outputs as never);
	return outputs.map(({ json }) => json.charged);
}

/** Answers with a dollar for each job that is asked for. */
function bill(more = false) {
	return (request: { text: string }) => {
		const ids = jsonOf(request).prediction_uuids as string[];
		const items = ids.map((uuid) => ({ billing_type: 'deduct', price: 1, prediction: { uuid } }));
		return createSuccess({ items, has_more: more });
	};
}

describe('the charges of jobs', () => {
	it('are read to the last page, and not for ever', async () => {
		http.on('POST', BILLINGS_URL, bill(true), bill());
		// A job of two items is asked for once.
		expect(await chargesOf(['job', 'job'])).toEqual([2, 2]);
		http.always('POST', BILLINGS_URL, bill(true));
		expect(await chargesOf(['job'])).toEqual([10]);
	});

	it('that cannot be read are none; those before stay, and no more are asked for', async () => {
		const ids = Array.from({ length: 150 }, (_, index) => `job-${index}`);
		http.on('POST', BILLINGS_URL, bill(), createRefusal(403, 'Permission denied'));
		expect(await chargesOf(ids)).toEqual([...Array(50).fill(1), ...Array(100).fill(null)]);
		expect(notes.slice()).toEqual([expect.stringContaining('Permission denied')]);
	});

	it('pass on an error of the node itself', async () => {
		http.on('POST', BILLINGS_URL, new TypeError('bug'));
		await expect(chargesOf(['job'])).rejects.toThrow('bug');
	});
});
