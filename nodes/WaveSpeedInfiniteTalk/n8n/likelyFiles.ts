/** Finds the files for fields that were left as they are, by what the files and their nodes are called. */
import type { IBinaryData } from 'n8n-workflow';
import type { ByInput, InputName } from '../errors/inputNames';
import { INPUT_KEYS, INPUT_LABELS, inputEntries, kindOf } from '../errors/inputNames';
import { joinWords, shorten } from '../shared/characters';
import { filesIn, findByField } from './findFile';
import type { Item } from './item';
import { hasRun, readFilesOf } from './readWiring';
import { SIDES } from './wiring';

/** A file, and where the user finds it. */
interface Candidate {
	file: IBinaryData;
	/** The first node that gives it; empty where n8n cannot say which of its items is ours. */
	node: string;
	field: string;
}

/**
 * The files of the item and of the nodes before, where exactly one fits each field: the only picture, the only
 * voice whose node, field or file is called left or right, the only voice of a single speaker. A wrong guess
 * would cost a video, so anything else is undefined.
 *
 * @param inputs fields that hold the names they begin with
 */
export function findLikelyFiles(
	item: Item,
	inputs: readonly InputName[],
): ByInput<Candidate> | undefined {
	const candidates = readCandidates(item);
	const found: ByInput<Candidate> = {};
	for (const input of inputs) {
		const fitting = candidates.filter((candidate) => fits(input, candidate));
		if (fitting.length !== 1) return undefined;
		found[input] = fitting[0]!;
	}
	return found;
}

/** Says which files were taken: of a single item by their names, of many by where all of them are. */
export function describeLikelyFiles(item: Item, found: ByInput<Candidate>): string {
	const isSingle = item.context.getInputData().length === 1;
	const places = inputEntries(found).map(([input, { file, node, field }]) => {
		const place = node === '' ? 'the item' : `'${shorten(node)}'`;
		const name = isSingle && file.fileName ? file.fileName : `${field} of ${place}`;
		return `${INPUT_LABELS[input]} is ${shorten(name)}`;
	});
	return `Files found automatically: ${joinWords(places)}. To use others, drag them into the fields.`;
}

function fits(input: InputName, { file, node, field }: Candidate): boolean {
	if (!String(file.mimeType).startsWith(`${kindOf(input)}/`)) return false;
	const words = `${node} ${field} ${file.fileName ?? ''}`;
	const sides = inputEntries(SIDES).filter(([, side]) => side.test(words));
	return SIDES[input] ? sides.length === 1 && sides[0]![0] === input : true;
}

/** Each file once, with the first node that gives it: those behind it only pass it on. */
function readCandidates(item: Item): Candidate[] {
	const { name: ours } = item.context.getNode();
	const found = new Map<unknown, Candidate>();
	const own = new Map<unknown, Candidate>();
	add(own, '', filesIn(item.input()));
	const nodes = item.context.getParentNodes(ours).filter(({ disabled }) => !disabled);
	for (const { name: node } of nodes) {
		if (!hasRun(item, node)) continue;
		const { access, files } = readFilesOf(item, node);
		if (access === 'item') add(found, node, files);
	}
	const all = [...new Map([...own, ...found])];
	// An item that has one of the names is made for this node: what it lacks is not to come from elsewhere.
	const isMade = Object.values(INPUT_KEYS).some((name) => findByField(item, name));
	return all.flatMap(([key, candidate]) => (!isMade || own.has(key) ? [candidate] : []));
}

function add(
	found: Map<unknown, Candidate>,
	node: string,
	files: Readonly<Record<string, IBinaryData>>,
): void {
	for (const [field, file] of Object.entries(files)) {
		// Without an ID, n8n holds the content itself.
		const key = file.id ?? file.data;
		if (!found.has(key)) found.set(key, { file, node, field });
	}
}
