import type { WaveSpeedClient } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { waitForPrediction } from '../../../nodes/WaveSpeedInfiniteTalk/job/waitForPrediction';

/** How often a job is asked for and how late its end is noticed, for the worst of many runs. */
export interface Watching {
	readonly asks: number;
	/** As part of the job's duration. */
	readonly late: number;
}

/** Our node's own waiting step, with time that passes at once: for jobs too long to sit through. */
export async function watchJob(seconds: number, runs: number): Promise<Watching> {
	let asks = 0;
	let late = 0;
	for (let run = 0; run < runs; run++) {
		const one = await watchOnce(seconds * 1000);
		asks = Math.max(asks, one.asks);
		late = Math.max(late, one.late);
	}
	return { asks, late };
}

async function watchOnce(duration: number): Promise<Watching> {
	let now = 0;
	let asks = 0;
	const at = (status: string) => ({ id: 'job', status, outputs: [], raw: {} }) as unknown;
	const client = {
		async result() {
			asks++;
			return at(now >= duration ? 'completed' : 'processing') as Prediction;
		},
	};
	const clock = {
		now: () => now,
		random: () => Math.random(),
		async sleep(ms: number) {
			now += ms;
		},
	};
	const job = { id: 'job', prediction: at('created') as Prediction };
	await waitForPrediction(client as unknown as WaveSpeedClient, job, duration * 10, clock);
	return { asks, late: (now - duration) / duration };
}
