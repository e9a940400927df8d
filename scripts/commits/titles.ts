const TYPES = ['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'test'];

/** As https://www.conventionalcommits.org has it, with what we use of it. */
const TITLE = new RegExp(`^(${TYPES.join('|')})(\\([a-z0-9 -]+\\))?!?: \\S`);

const MAX_CHARACTERS = 72;

/** What is wrong with the title of a commit; `undefined` when it is fine. */
export function titleProblem(title: string): string | undefined {
	if (!TITLE.test(title)) return `does not begin with one of ${TYPES.join(', ')}, and a colon`;
	if (title.length > MAX_CHARACTERS) {
		return `has ${title.length} characters; ${MAX_CHARACTERS} are allowed`;
	}
	return undefined;
}
