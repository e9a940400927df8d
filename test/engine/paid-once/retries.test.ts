/**
 * Retry On Fail runs the whole node again, *Retry execution* what n8n stored of it: a job that is paid for is never paid for
 * again, and nothing is uploaded twice.
 */
import { describe, expect, it } from '@jest/globals';
import type { FaultRule, JobScript } from '../../emulator/emulator';
import { itemsOf, refused, retrying, rowsOf, UNAUTHORIZED } from '../support/cases';
import type { RunOptions } from '../support/engine';
import type { Execution } from '../support/execution';
import { useEngine } from '../support/testbed';
import { fromField } from '../support/workflow';

const { emulator, engine } = useEngine();

const BUSY = { status: 'failed', code: 5000, error: 'Busy' };
const ONCE = { submitted: 1, billed: 1, paid: 1 };
const AGAIN = { submitted: 2, billed: 2, refunded: 1, paid: 1 };

/** How often the node is tried at most. */
const TRIES = 3;

const byNode = async (planned: RunOptions) =>
	await engine.run({ ...planned, node: retrying(TRIES, planned.node) });

async function byExecution(planned: RunOptions): Promise<Execution> {
	let last = await engine.run(planned);
	for (let count = 1; count < TRIES && last.failure; count++) last = await engine.retry(last);
	return last;
}

const fault = (on: FaultRule['on'], more: Omit<FaultRule, 'on'>) => () =>
	emulator.faults.add({ on, ...more });
const scripted = (script: JobScript) => () => emulator.scriptJob(script);

/** What goes wrong, the bill in the end, and what is not as usual. */
const stories: Array<[string, () => unknown, object, RunOptions?]> = [
	['polls that fail, twice', fault('result', { times: 2, do: UNAUTHORIZED }), ONCE],
	['a download that fails', fault('download', { times: 4, do: refused(500, 'Odd') }), ONCE],
	[
		'a timeout',
		// More polls than there are in a minute.
		scripted({ statuses: Array<string>(15).fill('processing') }),
		ONCE,
		{ parameters: { options: { timeoutMinutes: 1 } } },
	],
	['a job that failed', scripted({ end: BUSY }), AGAIN],
	[
		'a submission that was refused',
		fault('submit', { do: refused(402, 'Insufficient credits') }),
		{ submitted: 2, billed: 1, paid: 1 },
	],
	[
		'an upload that was refused',
		fault('ticket', { match: { body: 'right-voice' }, do: refused(400, 'Odd file') }),
		ONCE,
	],
	[
		'one of three items whose job cannot be read',
		failToReadB,
		{ submitted: 3, billed: 3, paid: 3 },
		{ items: itemsOf('a', 'b', 'c') },
	],
	[
		'equal items, which have a job each',
		fault('result', { do: UNAUTHORIZED }),
		{ submitted: 2, billed: 2, paid: 2 },
		{ items: rowsOf({}, {}) },
	],
	[
		'a second item of Submit',
		fault('submit', { match: { body: 'right_left' }, do: refused(400, 'Odd') }),
		{ submitted: 3, billed: 2, paid: 2 },
		{
			items: rowsOf({ order: 'left_right' }, { order: 'right_left' }),
			parameters: { operation: 'submit', order: '={{ $json.order }}' },
		},
	],
];

/** Not before all have been submitted: an upload that the failure cuts off is rightly repeated. */
function failToReadB(): void {
	emulator.scriptJob({ match: 'b-pair', id: 'job-of-b', seconds: 'never' });
	const when = () => {
		const allThere = emulator.predictions().length === 3;
		if (allThere) void emulator.finishAll();
		return allThere;
	};
	emulator.faults.add({ on: 'result', match: { url: 'job-of-b' }, when, do: UNAUTHORIZED });
}

describe.each([
	['Retry On Fail', byNode],
	['Retry execution', byExecution],
])('%s pays once', (_name, run) => {
	it.each(stories)('after %s', async (_what, arrange, bill, planned = {}) => {
		arrange();

		const execution = await run(planned);

		expect(execution.failure).toBeUndefined();
		const ids = new Set(execution.good.map(({ json }) => json.id));
		expect(ids.size).toBe(planned.items?.length ?? 1);
		expect(emulator.billing()).toMatchObject(bill);
		// Three files for each picture that there is.
		const pictures = new Set(planned.items?.map(({ files }) => files?.image));
		expect(emulator.requestsTo('put')).toHaveLength(3 * (pictures.size || 1));
	});

	it('in a loop: the job of each round is its own', async () => {
		const ids = ['first-job', 'second-job', 'third-job'];
		for (const id of ids) emulator.scriptJob({ id });
		emulator.faults.add({ on: 'result', match: { url: 'second-job' }, do: UNAUTHORIZED });

		const execution = await run({ loops: 3 });

		const made = [0, 1, 2].map((round) => execution.output('Video', 0, round)[0]?.json.id);
		expect(made).toEqual(ids);
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});

	it('a job that somebody deleted is not made again, for no refund is promised', async () => {
		emulator.scriptJob({ end: { status: 'deleted', code: 0, error: '' } });

		const execution = await run({});

		expect(execution.error.description).toContain('may have been charged');
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});
});

// n8n runs all items again when the first output item failed, although the node continues.
it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
	'Retry On Fail with %s makes only the first item again that failed',
	async (onError) => {
		emulator.scriptJob({ match: 'a-pair', end: BUSY });

		const execution = await byNode({ items: itemsOf('a', 'b', 'c'), node: { onError } });

		expect(execution.good.map(({ json }) => json.status)).toEqual(Array(3).fill('completed'));
		expect(emulator.billing()).toMatchObject({ submitted: 4, billed: 4, refunded: 1, paid: 3 });
		expect(emulator.requestsTo('put')).toHaveLength(9);
	},
);

it.each<[string, RunOptions, number]>([
	['a longer timeout', { parameters: { options: { timeoutMinutes: 500 } } }, 1],
	['another way to fail', { node: { onError: 'continueErrorOutput' } }, 1],
	['another prompt', { parameters: { prompt: 'They sing' } }, 2],
	['another order', { parameters: { order: 'left_right' } }, 2],
	['another seed', { parameters: { options: { seed: 1 } } }, 2],
	['other sides', { parameters: { leftAudio: fromField('right_audio') } }, 2],
])('Retry with the current workflow, %s: %j, jobs in all: %d', async (_what, changes, jobs) => {
	emulator.faults.add({ on: 'result', do: UNAUTHORIZED });
	const failed = await engine.run();

	const execution = await engine.retry(failed, changes);

	expect(execution.good[0]?.json.id).toBe(emulator.predictions().at(-1)?.id);
	expect(emulator.billing()).toMatchObject({ submitted: jobs, billed: jobs });
	expect(emulator.requestsTo('put')).toHaveLength(3);
});
