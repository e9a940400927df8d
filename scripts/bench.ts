import { main, readNames, readOptions } from './lib/main';
import { runBench, SCENARIOS } from '../test/bench/bench';

/** Run with `--full` or by name only: they take long, or much space. */
const FULL = ['huge'];
const ALL = Object.keys(SCENARIOS);

const USAGE = `Usage: npm run bench [-- [--only <scenario>[,<scenario>…]] [--full] [--dry]]
  --only  ${ALL.join(', ')}
  --full  ${FULL.join(', ')} as well: needs 10 GB of disk
  --dry   leave docs/bench.* as they are`;

main(async () => {
	const { only, full, dry } = readOptions(USAGE, {
		only: { type: 'string' },
		full: { type: 'boolean', default: false },
		dry: { type: 'boolean', default: false },
	});
	const usual = ALL.filter((name) => full || !FULL.includes(name));
	return await runBench(only === undefined ? usual : readNames(USAGE, ALL, only), dry);
});
