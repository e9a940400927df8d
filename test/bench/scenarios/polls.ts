import type { Contender, Row, Scenario } from '../support/measure';
import { target, told } from '../support/measure';
import { watchJob, type Waiting } from '../support/virtual';

const TWENTY_MINUTES = 1200;
const RUNS = 1_000;
/** The recipe's Wait; its requests are taken to need no time. */
const RECIPE_WAIT_SECONDS = 5;

const KINDS: Readonly<Record<Waiting, string>> = {
	memory: 'kept running in memory',
	stored: 'no public address',
	called: 'public address',
	callLost: 'public address, its call is lost',
};

/** How often a job of twenty minutes is asked for, in virtual time, worst of many runs. */
export const polls: Scenario = {
	title: `A job of 20 minutes: polls, in virtual time, worst of ${RUNS}`,
	async run(_testbed, say) {
		const watch = async (waiting: Waiting) => {
			const watching = await watchJob(waiting, TWENTY_MINUTES, RUNS);
			const { polls, late } = watching;
			say(`${KINDS[waiting]}: ${polls} polls, ${(late / 1000).toFixed(1)} s late`);
			return watching;
		};
		const memory = await watch('memory');
		const stored = await watch('stored');
		const called = await watch('called');
		const callLost = await watch('callLost');
		const recipe = TWENTY_MINUTES / RECIPE_WAIT_SECONDS;
		const partOf = (late: number) => (late / 1000 / TWENTY_MINUTES) * 100;
		const row = (contender: Contender, kind: string, polls: number): Row => ({
			...{ contender, what: `a job of 20 min, ${kind}` },
			note: `${polls} polls`,
		});
		const bar = (contender: Contender, value: number, kind = '') => {
			return { contender, value, text: `${value} ${kind}`.trim() };
		};
		return {
			rows: [
				row('node', KINDS.memory, memory.polls),
				row('node', KINDS.stored, stored.polls),
				row('node', KINDS.called, called.polls),
				row('node', KINDS.callLost, callLost.polls),
				row('recipe', `every ${RECIPE_WAIT_SECONDS} s`, recipe),
			],
			targets: [
				target(`polls, ${KINDS.memory}`, memory.polls, 80),
				target(`polls, ${KINDS.stored}`, stored.polls, 45),
				target(`polls, ${KINDS.called}`, called.polls, 3),
				told(`polls, ${KINDS.callLost}`, callLost.polls),
				target(`noticed late, ${KINDS.memory}`, partOf(memory.late), 5, ' %'),
				target(`noticed late, ${KINDS.stored}`, stored.late / 1000, 70, ' s'),
				target(`noticed late, ${KINDS.callLost}`, callLost.late / 1000, 660, ' s'),
			],
			groups: [
				{
					title: 'A job of 20 minutes: polls',
					bars: [
						bar('node', stored.polls, KINDS.stored),
						bar('node', called.polls, KINDS.called),
						bar('recipe', recipe),
					],
				},
			],
		};
	},
};
