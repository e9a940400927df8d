/** docs/errors.md and the code cannot differ: each title has its message, and each message its title. */
import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../../..');
const CODE = ['nodes', 'credentials'].flatMap(sourcesIn);
/** The service's own sentences, which the emulator says, and n8n's. */
const OTHERS = [
	...sourcesIn('test/emulator'),
	parse("'Credential with ID … does not exist for type'; 'Content policy violation'"),
];

/** What makes an error of its first argument, or of the one behind the node. */
const FACTORY =
	/^(jobError|refuse|jobErrorWithVideo|unreadableResponse|JobError|NodeOperationError)$/;
/** What these say is no error. */
const NO_ERRORS = /(credentialTest|report)\.ts$/;
/** Letters that a text must have beside what differs, to say something of its own. */
const MIN_LETTERS = 9;
/** Letters of a title that may come from where no text of the code says them: a field, a file's name. */
const MAX_UNSAID_LETTERS = 9;

function parse(text: string, name = 'text.ts'): ts.SourceFile {
	return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
}

function sourcesIn(folder: string): ts.SourceFile[] {
	return readdirSync(join(ROOT, folder), { encoding: 'utf8', recursive: true })
		.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
		.map((file) => parse(readFileSync(join(ROOT, folder, file), 'utf8'), file));
}

function nodesIn(node: ts.Node): ts.Node[] {
	const inside: ts.Node[] = [];
	ts.forEachChild(node, (child) => void inside.push(...nodesIn(child)));
	return [node, ...inside];
}

/** The texts among nodes of the code, each once, `…` for what differs. */
function textsOf(nodes: ts.Node[]): string[] {
	const texts = nodes.map((node) => {
		if (ts.isStringLiteralLike(node)) return node.text;
		if (!ts.isTemplateExpression(node)) return '';
		return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
	});
	return [...new Set(texts)];
}

function letters(text: string): number {
	return text.replace(/\W|\d/g, '').length;
}

/** The texts that an expression may give. */
function choices(node: ts.Node | undefined): ts.Node[] {
	if (!node) return [];
	if (ts.isConditionalExpression(node))
		return [...choices(node.whenTrue), ...choices(node.whenFalse)];
	if (ts.isBinaryExpression(node)) return [...choices(node.left), ...choices(node.right)];
	return ts.isCallExpression(node) ? choices(node.arguments[0]) : [node];
}

/** The message of an error, or what is wrong with a value or a file. */
function messagesOf(node: ts.Node): ts.Node[] {
	if (ts.isPropertyAssignment(node) && /^(message|cause)$/.test(node.name.getText()))
		return choices(node.initializer);
	if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return [];
	const maker = node.expression.getText();
	if (!FACTORY.test(maker)) return [];
	return choices(node.arguments?.[maker === 'NodeOperationError' ? 1 : 0]);
}

const ALL = textsOf([...CODE, ...OTHERS].flatMap(nodesIn))
	.filter((text) => letters(text) >= 4)
	.sort((a, b) => b.length - a.length);
const MESSAGES = textsOf(
	CODE.filter(({ fileName }) => !NO_ERRORS.test(fileName))
		.flatMap(nodesIn)
		.flatMap(messagesOf),
).filter((text) => letters(text) >= MIN_LETTERS && text.includes(' '));

/** The second column of the tables, and the list of what is seldom seen. */
const TITLES = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')
	.split('\n')
	.map((line) => /^\| [^|]+ \| ([^|]+) \|/.exec(line)?.[1] ?? /^- (.+)$/.exec(line)?.[1] ?? '')
	.map((title) => title.trim())
	.filter((title) => !/^(-*|Title in n8n)$/.test(title));

function fits(template: string, title: string): boolean {
	const parts = template.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(parts.join('.*')).test(title);
}

it.each(TITLES)('the code says: %s', (title) => {
	// Files, addresses and expressions that a title quotes are the user's.
	let unsaid = title.replace(/"[^"]*"/g, '');
	for (const template of ALL) {
		if (!fits(template, title)) continue;
		for (const part of template.split(/["…]/)) unsaid = unsaid.replace(part.trim(), '');
	}
	expect(letters(unsaid) <= MAX_UNSAID_LETTERS || unsaid).toBe(true);
});

it.each(MESSAGES)('docs/errors.md has: %s', (template) => {
	expect(TITLES.filter((title) => fits(template, title))).not.toEqual([]);
});
