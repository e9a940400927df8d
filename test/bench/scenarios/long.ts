import type { PredictionRecord } from '../../emulator/state';
import { MB, SMALL } from '../support/media';
import type { BenchTestbed } from '../support/testbed';
import type { Row, Scenario } from '../support/measure';
import { counted, nodeSeconds, target, told, videosOf } from '../support/measure';
import { OURS, ourWorkflow, RECIPE_NODES, storedWorkflow } from '../support/workflows';

const NAME = 'long';
const JOB_SECONDS = 120;
const WEBHOOK_ITEMS = 10;

/**
 * Polls of a job of two real minutes in memory, by stored executions that WaveSpeed calls, and by
 * the recipe, all at the same time.
 */
export const long: Scenario = {
	title: 'Jobs of two minutes: how often they are asked for',
	async run(testbed) {
		const one = await testbed.mediaFiles('small', SMALL);
		const ten = await testbed.mediaFiles('10-items', {
			...{ items: WEBHOOK_ITEMS, voice: 0.2 * MB, picture: 0.2 * MB },
		});
		await testbed.prepare({ jobSeconds: JOB_SECONDS });
		const [polling, webhook, recipe] = await Promise.all([
			testbed.execute(ourWorkflow(one, testbed.credential, { seed: 1 })),
			testbed.execute(storedWorkflow(ten, testbed.credential, { seed: 2 })),
			testbed.execute(testbed.recipe(one)),
		]);
		const { predictions } = await testbed.remote.emulator.state('predictions');
		const jobs = (seed: number) => predictions.filter(({ inputs }) => inputs.seed === seed);
		const asks = (seed: number) => jobs(seed).map(({ polls }) => polls);
		const rows: Row[] = [
			row(
				'node',
				'in memory, a job of 2 min',
				jobs(1),
				nodeSeconds(polling, OURS),
				videosOf(polling, OURS),
			),
			row('node', 'stored, ten such jobs', jobs(2), undefined, videosOf(webhook, OURS)),
			row('recipe', 'a job of 2 min', jobs(-1), nodeSeconds(recipe, ...RECIPE_NODES), 1),
		];
		const late = await lateness(testbed, jobs(1)[0]!);
		await counted(testbed);
		return {
			rows,
			targets: [
				target(NAME, 'asks for a real job of 2 min', asks(1)[0]!, 30),
				told(NAME, 'that job noticed late', late * 100, ' %'),
				target(NAME, 'stored: asks a job, ten jobs that end together', mean(asks(2)), 3),
				told(NAME, 'stored: most asks for one of them', Math.max(...asks(2))),
			],
			groups: [
				{
					title: 'A job of two minutes: asks for its result',
					bars: [
						{ contender: 'node', value: asks(1)[0]!, text: `${asks(1)[0]} in memory` },
						{
							contender: 'node',
							value: mean(asks(2)),
							text: `${mean(asks(2)).toFixed(1)} stored`,
						},
						{ contender: 'recipe', value: asks(-1)[0]!, text: `${asks(-1)[0]}` },
					],
				},
			],
		};
	},
};

function row(
	contender: Row['contender'],
	what: string,
	jobs: readonly PredictionRecord[],
	seconds: number | undefined,
	videos: number,
): Row {
	const results = jobs.reduce((sum, { polls }) => sum + polls, 0);
	const note = `${(results / jobs.length).toFixed(1)} asks a job`;
	return { scenario: NAME, contender, what, seconds, billed: jobs.length, videos, note };
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Time between the end of a job and the first look that told so, as part of its duration. */
async function lateness(
	testbed: BenchTestbed,
	{ id, endedAt = NaN }: PredictionRecord,
): Promise<number> {
	const looks = (await testbed.remote.emulator.requestsTo('result'))
		.filter(({ path, time }) => path.includes(id) && time >= endedAt)
		.map(({ time }) => time);
	return (Math.min(...looks) - endedAt) / (JOB_SECONDS * 1000);
}
