import { runCommand } from '../test/testbed/lib/command';
import { ROOT } from '../test/testbed/lib/paths';
import { say } from '../test/testbed/lib/progress';
import { titleProblem } from './commits/titles';
import { main } from './lib/main';

const USAGE = `Usage: npm run commits -- <range of commits, as git log takes it>
Checks the titles of commits, for instance of those in origin/main..HEAD.`;

main(async () => {
	const [range] = process.argv.slice(2);
	if (range === undefined) throw new Error(USAGE);
	const args = ['log', '--no-merges', '--format=%h %s', range, '--'];
	const lines = (await runCommand('git', args, { cwd: ROOT })).split('\n').filter(Boolean);
	const faults = lines.flatMap((line) => {
		const title = line.slice(line.indexOf(' ') + 1);
		const problem = titleProblem(title);
		return problem === undefined ? [] : `${line}\n  The title ${problem}.`;
	});
	say([...faults, `${lines.length} commits, ${faults.length} faults`].join('\n'));
	return faults.length > 0 ? 1 : 0;
});
