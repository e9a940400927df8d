import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../testbed/lib/until';
import type { StoredWorkflow } from '../../testbed/n8n';
import { MB, SMALL } from '../support/media';
import type { BenchTestbed } from '../support/testbed';
import { counted, target, told, toMB, type Scenario } from '../support/measure';
import type { Resting } from '../support/watched';
import { ourWorkflow, storedWorkflow } from '../support/workflows';

/** n8n lists at most a hundred executions of a workflow. */
const WORKFLOWS = 4;
const EACH = 50;
const EXECUTIONS = WORKFLOWS * EACH;
/** Executions that are on their way to their submission at the same time. */
const AT_ONCE = 5;
const WARM_UPS = 10;
const MAX_MS = 10 * 60_000;
const SETTLE_MS = 5_000;
const MAX_LOOKS = 12;
const STEADY_BYTES = 5 * MB;

/** Two hundred executions that wait for their jobs in n8n's database, and then get their videos. */
export const stored: Scenario = {
	title: `${EXECUTIONS} executions stored at once`,
	async run(testbed, say) {
		const media = await testbed.mediaFiles('small', SMALL);
		const { emulator } = testbed.remote;
		await testbed.n8n.restart();
		await testbed.prepare({ respondWhenEnded: true });
		for (let time = 0; time < WARM_UPS; time++) {
			await testbed.execute(ourWorkflow(media, testbed.credential));
		}
		const idle = await settled(testbed);
		await testbed.prepare({ seconds: 'never' });
		const { result: flows, peak } = await testbed.watched.during(async () => {
			const flows: StoredWorkflow[] = [];
			for (let flow = 0; flow < WORKFLOWS; flow++) {
				const { id } = await testbed.client.createWorkflow(
					storedWorkflow(media, testbed.credential),
				);
				flows.push(await testbed.client.activate(id));
			}
			for (let started = 0; started < EXECUTIONS; started++) {
				await emulator.until(
					['predictions'],
					({ predictions }) => predictions.length > started - AT_ONCE,
				);
				// n8n answers at once.
				await testbed.call(flows[started % WORKFLOWS]!);
			}
			await allAre(testbed, flows, 'waiting');
			return flows;
		});
		const waiting = await testbed.watched.rest();
		say(`stored: ${growth(idle, waiting)}, ${toMB(peak - idle.resident)} MB at the highest`);
		await emulator.until(
			['predictions'],
			({ predictions }) => predictions.every(({ polls }) => polls > 0),
			MAX_MS,
		);
		await allAre(testbed, flows, 'waiting');
		const polled = await testbed.watched.rest();
		say(`polled once each: ${growth(idle, polled)}`);
		await emulator.finishAll();
		await allAre(testbed, flows, 'success');
		const numbers = await counted(testbed);
		for (const { id } of flows) await testbed.client.deactivate(id);
		await testbed.dropFiles();
		const heap = (waiting.heap - idle.heap) / MB;
		const resident = (waiting.resident - idle.resident) / MB;
		return {
			rows: [
				{
					...{ contender: 'node', what: `${EXECUTIONS} executions` },
					...{ megabytes: Math.round(resident), videos: EXECUTIONS, ...numbers },
				},
			],
			targets: [
				target('growth of living objects, all stored', heap, 20, ' MB'),
				target('growth of resident memory, all stored', resident, 200, ' MB'),
				told('the same at its highest', (peak - idle.resident) / MB, ' MB'),
				told('the same after a poll of each', (polled.resident - idle.resident) / MB, ' MB'),
				target('jobs paid for beside one for each', numbers.billed - EXECUTIONS, 0),
			],
		};
	},
};

function growth(before: Resting, after: Resting): string {
	return `heap ${toMB(before.heap)} → ${toMB(after.heap)} MB, resident ${toMB(before.resident)} → ${toMB(after.resident)} MB`;
}

/** A fresh n8n gives memory back for a while: idle is where it no longer falls. */
async function settled({ watched }: BenchTestbed): Promise<Resting> {
	let lowest = await watched.rest();
	for (let look = 1; look < MAX_LOOKS; look++) {
		await delay(SETTLE_MS);
		const next = await watched.rest();
		if (next.resident > lowest.resident - STEADY_BYTES) return next;
		lowest = next;
	}
	return lowest;
}

/** Waits until all executions have a status. */
async function allAre(
	{ client }: BenchTestbed,
	flows: readonly StoredWorkflow[],
	status: 'waiting' | 'success',
): Promise<void> {
	const count = async ({ id }: StoredWorkflow) => {
		// n8n's own API may answer 500 while all executions go on at once.
		const executions = await client.executions({ workflowId: id }).catch(() => []);
		return executions.filter((execution) => execution.status === status).length;
	};
	await until(
		async () => {
			const counts = await Promise.all(flows.map(count));
			return counts.every((number) => number === EACH);
		},
		{ what: `${EXECUTIONS} executions to be ${status}`, timeoutMs: MAX_MS, everyMs: 2_000 },
	);
}
