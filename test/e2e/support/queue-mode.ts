import { afterAll, beforeAll, describe } from '@jest/globals';
import { shared, N8nProcess, useTestbed, type StartOptions } from '../../testbed';
import { createQueueServices, missingServices, type QueueServices } from './queue-services';
import { videoOf } from './video-workflow';

const missing = missingServices();
if (missing.length > 0) {
	process.stderr.write(
		`\n⚠ SKIPPED: the tests of n8n's queue mode, because ${missing.join(' and ')} did not answer.\n` +
			'  Start them with: docker compose -f docs/compose.queue.yml up --detach --wait\n' +
			'  (other ways and addresses: docs/queue-mode.md)\n\n',
	);
}
/** `describe` where the services of the queue mode answer; elsewhere the tests show as skipped. */
export const describeQueue = missing.length > 0 ? describe.skip : describe;

/** An n8n of its own in queue mode, with two workers. */
export function useQueueMode() {
	let services: QueueServices;
	const workers: N8nProcess[] = [];

	const testbed = useTestbed(async () => {
		services = await createQueueServices(shared().runtime);
		return { start: { env: services.env } };
	});

	beforeAll(async () => {
		const { runtime, tarball } = shared();
		const main = testbed.n8n;
		const options: StartOptions = {
			runtime,
			tarball,
			// The workers tell WaveSpeed whom to call: the main process.
			env: {
				...services.env,
				N8N_WEBHOOK_URL: `${main.url}/`,
				N8N_EDITOR_BASE_URL: `${main.url}/`,
				// How soon a worker is taken for dead.
				QUEUE_WORKER_LOCK_DURATION: '15000',
				QUEUE_WORKER_LOCK_RENEW_TIME: '4000',
				QUEUE_WORKER_STALLED_INTERVAL: '4000',
			},
			fileFolders: [main.files],
			n8nCommand: 'worker',
		};
		workers.push(...(await Promise.all([N8nProcess.start(options), N8nProcess.start(options)])));
	});

	afterAll(async () => {
		await Promise.all(workers.map(async (worker) => await worker.dispose()));
		await services?.drop();
	});

	return {
		...videoOf(testbed),
		workers: workers as readonly N8nProcess[],

		/** The worker that took an execution on last. */
		workerOf(execution: string): N8nProcess {
			const pattern = new RegExp(`started execution ${execution} `);
			const found = workers.find(({ log }) => log.has(pattern));
			if (!found) throw new Error(`No worker has started execution ${execution}`);
			return found;
		},
	};
}
