import { loadavg } from 'node:os';
import path from 'node:path';
import { onInterrupt } from '../testbed/lib/children';
import { ROOT } from '../testbed/lib/paths';
import { clock, heartbeat, say } from '../testbed/lib/progress';
import { rowTable, targetTable } from './report/table';
import { writeResults, type Result, type Results } from './report/write';
import { big, huge } from './scenarios/big';
import { many } from './scenarios/many';
import { probe } from './scenarios/probe';
import { stored } from './scenarios/stored';
import { tracks } from './scenarios/tracks';
import { BenchTestbed } from './support/testbed';
import type { Scenario } from './support/measure';

/** In the order in which they run. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
	...{ probe, big, tracks, stored, many, huge },
};

/** Runs the scenarios; 1 when a target is missed. */
export async function runBench(names: readonly string[], dry: boolean): Promise<number> {
	const began = Date.now();
	if (process.platform !== 'linux') throw new Error('The bench reads /proc and needs Linux.');
	const testbed = new BenchTestbed();
	const forget = onInterrupt(async () => await testbed.close());
	const results: Results = {};
	try {
		await testbed.openAll();
		for (const [index, name] of names.entries()) {
			say(`\n━━ ${index + 1}/${names.length} ${name}: ${SCENARIOS[name]!.title}`);
			const result = await runScenario(testbed, SCENARIOS[name]!);
			const one = { [name]: result };
			say(`\n${rowTable(one)}\n\n${targetTable(one)}`);
			Object.assign(results, one);
		}
	} finally {
		forget();
		await testbed.close();
	}
	const targets = Object.values(results).flatMap((result) => result.targets);
	say(`\n━━ Targets\n\n${targetTable(results)}`);
	if (!dry) {
		const files = await writeResults(results, Object.keys(SCENARIOS));
		say(`\nWritten: ${files.map((file) => path.relative(ROOT, file)).join(', ')}`);
	}
	const asked = targets.filter(({ met }) => met !== undefined);
	const missed = asked.filter(({ met }) => !met).length;
	say(`\n${asked.length - missed} of ${asked.length} targets met in ${clock(Date.now() - began)}`);
	return missed > 0 ? 1 : 0;
}

async function runScenario(testbed: BenchTestbed, scenario: Scenario): Promise<Result> {
	const began = Date.now();
	const tell = (line: string) => say(`  ${clock(Date.now() - began)} ${line}`);
	const stopHeartbeat = heartbeat(scenario.title);
	try {
		const finding = await scenario.run(testbed, tell);
		const took = (Date.now() - began) / 1000;
		const date = new Date(began).toISOString();
		return { title: scenario.title, date, took, load: loadavg()[0] ?? NaN, ...finding };
	} finally {
		stopHeartbeat();
	}
}
