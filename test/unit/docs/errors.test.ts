/** docs/errors.md and the code cannot differ: each title has its message, and each message its title. */
import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../../..');
const CODE = ['nodes', 'credentials'].flatMap((folder) => sourcesOf(folder));
/** The service's own sentences, which the emulator says, and n8n's. */
const OTHERS = [
	...sourcesOf('test/emulator'),
	ts.createSourceFile(
		'others.ts',
		"'Credential with ID … does not exist for type'; 'Content policy violation'",
		ts.ScriptTarget.Latest,
		true,
	),
];

/** What makes an error of its first argument. */
const FACTORY =
	/^(jobError|refuse|jobErrorWithVideo|unreadableResponse|JobError|NodeOperationError)$/;
/** What these say is no error. */
const NO_ERRORS = /(credentialTest|report)\.ts$/;
/** Letters that a text must have beside what differs, to say something of its own. */
const MIN_LETTERS = 9;
/** Letters of a title that may come from where no text of the code says them: a field, a file's name. */
const MAX_UNSAID_LETTERS = 9;

function sourcesOf(folder: string): ts.SourceFile[] {
	return readdirSync(join(ROOT, folder), { encoding: 'utf8', recursive: true })
		.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
		.map((file) => {
			const text = readFileSync(join(ROOT, folder, file), 'utf8');
			return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
		});
}

/** A text of the code, `…` for what differs. */
function templateOf(node: ts.Node): string | undefined {
	if (ts.isStringLiteralLike(node)) return node.text;
	if (!ts.isTemplateExpression(node)) return undefined;
	return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}

function letters(text: string): number {
	return text.replace(/\W|\d/g, '').length;
}

function collect(sources: readonly ts.SourceFile[], find: (node: ts.Node) => ts.Node[]): string[] {
	const found = new Set<string>();
	const visit = (node: ts.Node): void => {
		for (const each of find(node)) {
			const text = templateOf(each);
			if (text !== undefined) found.add(text);
		}
		ts.forEachChild(node, visit);
	};
	for (const source of sources) ts.forEachChild(source, visit);
	return [...found];
}

/** The texts that an expression may give. */
function choices(node: ts.Node): ts.Node[] {
	if (ts.isConditionalExpression(node))
		return [...choices(node.whenTrue), ...choices(node.whenFalse)];
	if (ts.isBinaryExpression(node)) return [...choices(node.left), ...choices(node.right)];
	if (ts.isCallExpression(node)) return node.arguments[0] ? choices(node.arguments[0]) : [];
	return [node];
}

/** The messages of errors, and what is wrong with a value or a file. */
function messages(): string[] {
	const sources = CODE.filter(({ fileName }) => !NO_ERRORS.test(fileName));
	const found = collect(sources, (node) => {
		const isMade = ts.isCallExpression(node) || ts.isNewExpression(node);
		if (isMade && FACTORY.test(node.expression.getText())) {
			const [first, second] = node.arguments ?? [];
			const isNode = node.expression.getText() === 'NodeOperationError';
			const message = isNode ? second : first;
			return message ? choices(message) : [];
		}
		const isMessage =
			ts.isPropertyAssignment(node) && /^(message|cause)$/.test(node.name.getText());
		return isMessage ? choices(node.initializer) : [];
	});
	return found.filter((text) => letters(text) >= MIN_LETTERS && text.includes(' '));
}

/** The second column of the tables, and the list of what is seldom seen. */
function titles(): string[] {
	const lines = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8').split('\n');
	return lines.flatMap((line) => {
		const row = /^\| [^|]+ \| ([^|]+) \|/.exec(line)?.[1]?.trim();
		const item = /^- (.+)$/.exec(line)?.[1];
		return [row ?? item ?? ''].filter(
			(title) => title !== '' && !/^(-+|Title in n8n)$/.test(title),
		);
	});
}

function fits(template: string, title: string): boolean {
	const parts = template.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(parts.join('.*')).test(title);
}

const all = collect([...CODE, ...OTHERS], (node) => [node])
	.filter((text) => letters(text) >= 4)
	.sort((a, b) => b.length - a.length);

it.each(titles())('the code says: %s', (title) => {
	// Files, addresses and expressions that a title quotes are the user's.
	let unsaid = title.replace(/"[^"]*"/g, '');
	for (const template of all) {
		if (!fits(template, title)) continue;
		for (const part of template.split(/["…]/)) unsaid = unsaid.replace(part.trim(), '');
	}
	expect(letters(unsaid) <= MAX_UNSAID_LETTERS || unsaid).toBe(true);
});

it.each(messages())('docs/errors.md has: %s', (template) => {
	expect(titles().filter((title) => fits(template, title))).not.toEqual([]);
});
