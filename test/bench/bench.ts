import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { onInterrupt } from '../testbed/lib/children';
import { ROOT } from '../testbed/lib/paths';
import { clock, say } from '../testbed/lib/progress';
import { rowTable, targetTable } from './report/table';
import { writeResults, type Result, type Results } from './report/write';
import { big, huge } from './scenarios/big';
import { hash } from './scenarios/hash';
import { long } from './scenarios/long';
import { once } from './scenarios/once';
import { polls } from './scenarios/polls';
import { slow } from './scenarios/slow';
import { small } from './scenarios/small';
import { soak } from './scenarios/soak';
import { stored } from './scenarios/stored';
import { storm } from './scenarios/storm';
import { together } from './scenarios/together';
import { BenchTestbed } from './support/testbed';
import type { Scenario } from './support/measure';

/** In the order in which they run. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
	...{ polls, big, hash, small, once, together, storm, long, stored, slow, soak, huge },
};

/** Run with `--full` or by name only: they take long, or much space. */
const FULL = ['huge'];

const HEARTBEAT_MS = 15_000;

const USAGE = `Usage: npm run bench [-- [--only <scenario>[,<scenario>…]] [--full] [--dry]]
  --only  ${Object.keys(SCENARIOS).join(', ')}
  --full  ${FULL.join(', ')} as well: needs 10 GB of disk
  --dry   leave docs/bench.* as they are`;

export interface BenchOptions {
	readonly names: readonly string[];
	readonly dry: boolean;
}

/** @throws Error with the usage */
export function readBenchArguments(args: readonly string[]): BenchOptions {
	try {
		const { values } = parseArgs({
			args: [...args],
			options: {
				only: { type: 'string' },
				full: { type: 'boolean', default: false },
				dry: { type: 'boolean', default: false },
			},
		});
		const usual = Object.keys(SCENARIOS).filter((name) => values.full || !FULL.includes(name));
		const names = values.only?.split(',') ?? usual;
		const unknown = names.find((name) => !(name in SCENARIOS));
		if (unknown !== undefined) throw new Error(`There is no scenario "${unknown}".`);
		return { names, dry: values.dry };
	} catch (error) {
		throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, {
			cause: error,
		});
	}
}

/** Runs the scenarios; 1 when a target is missed. */
export async function runBench({ names, dry }: BenchOptions): Promise<number> {
	const began = Date.now();
	if (process.platform !== 'linux') throw new Error('The bench reads /proc and needs Linux.');
	const testbed = await BenchTestbed.start();
	const forget = onInterrupt(async () => await testbed.close());
	const results: Results = {};
	try {
		for (const [index, name] of names.entries()) {
			say(`\n━━ ${index + 1}/${names.length} ${name}: ${SCENARIOS[name]!.title}`);
			const result = await runScenario(testbed, SCENARIOS[name]!);
			say(`\n${rowTable(result.rows)}\n\n${targetTable(result.targets)}`);
			results[name] = result;
		}
	} finally {
		forget();
		await testbed.close();
	}
	const targets = Object.values(results).flatMap((result) => result.targets);
	say(`\n━━ Targets\n\n${targetTable(targets)}`);
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
	const heartbeat = setInterval(() => tell('…'), HEARTBEAT_MS);
	try {
		const finding = await scenario.run(testbed, tell);
		const took = (Date.now() - began) / 1000;
		const date = new Date(began).toISOString();
		return { title: scenario.title, date, took, load: loadavg()[0] ?? NaN, ...finding };
	} finally {
		clearInterval(heartbeat);
	}
}
