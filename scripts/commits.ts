import { runCommand } from '../test/testbed/lib/command';
import { ROOT } from '../test/testbed/lib/paths';
import { say } from '../test/testbed/lib/progress';
import { main } from './lib/main';

const USAGE = `Usage: npm run commits -- <range of commits, as git log takes it>
Checks the titles of commits, for instance of those in origin/main..HEAD.`;

const TYPES = ['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'test'];

/** As https://www.conventionalcommits.org has it, with what we use of it, behind the commit's short hash. */
const TITLE = new RegExp(`^\\w+ (?=.{1,72}$)(${TYPES.join('|')})(\\([a-z0-9 -]+\\))?!?: \\S`);

main(async () => {
	const [range] = process.argv.slice(2);
	if (range === undefined) throw new Error(USAGE);
	const args = ['log', '--no-merges', '--format=%h %s', range, '--'];
	const lines = (await runCommand('git', args, { cwd: ROOT })).split('\n').filter(Boolean);
	const faults = lines.filter((line) => !TITLE.test(line));
	say([...faults, `${lines.length} commits, ${faults.length} faults`].join('\n'));
	if (faults.length === 0) return 0;
	say(
		`A title has at most 72 characters, and begins with one of ${TYPES.join(', ')}, and a colon.`,
	);
	return 1;
});
