import path from 'node:path';
import { ROOT } from '../../test/testbed/lib/paths';

/** How many tests of a layer, or of all, ended which way. */
export interface Counts {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

/** What came out of the layers of a run. */
export interface Outcome {
	/** By the name of the layer. */
	readonly layers: Readonly<Record<string, Counts>>;
	/** Tests that passed or failed only when tried again, with what failed first. */
	readonly retried: readonly string[];
}

/** A check without tests of its own, such as lint, counts as one test. */
export function fromCheck(layer: string, passed: boolean): Outcome {
	const counts = { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
	return { layers: { [layer]: counts }, retried: [] };
}

/** What jest's JSON report says of a test file. */
export interface FileReport {
	readonly name: string;
	readonly status: string;
	readonly assertionResults: ReadonlyArray<{
		readonly status: string;
		readonly fullName: string;
		readonly retryReasons?: readonly string[];
	}>;
}

/**
 * Outcome of a jest run.
 *
 * @param files `undefined` when jest wrote no report
 * @param succeeded whether jest's exit code was 0
 */
export function fromJest(
	layers: readonly string[],
	files: readonly FileReport[] | undefined,
	succeeded: boolean,
): Outcome {
	const counts = Object.fromEntries(
		layers.map((layer) => {
			const ofLayer = (files ?? []).filter(({ name }) => layerOf(name) === layer);
			return [layer, sum(ofLayer.map(countFile))];
		}),
	);
	const [first = ''] = layers;
	// Jest may be unhappy about something else than a test, for instance the set-up of a layer.
	const unexplained = !succeeded && Object.values(counts).every(({ failed }) => failed === 0);
	if (!files || unexplained) counts[first] = sum([counts[first] ?? NOTHING, FAILURE]);
	return { layers: counts, retried: (files ?? []).flatMap(retriesOf) };
}

export function sum(all: readonly Counts[]): Counts {
	const of = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0);
	return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}

export function summary({ passed, failed, skipped }: Counts): string {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };
const FAILURE: Counts = { ...NOTHING, failed: 1 };

/** The folder in test/; scripts and the emulator have their unit tests beside them. */
function layerOf(file: string): string {
	const [, folder = ''] = path.relative(ROOT, file).split(path.sep);
	return ['engine', 'e2e', 'browser'].includes(folder) ? folder : 'unit';
}

function countFile({ status, assertionResults }: FileReport): Counts {
	const count = (...statuses: string[]) =>
		assertionResults.filter((test) => statuses.includes(test.status)).length;
	return {
		passed: count('passed'),
		// What fails outside of a test, such as a hook or an import, fails the file.
		failed: Math.max(count('failed'), status === 'failed' ? 1 : 0),
		skipped: count('pending', 'todo', 'skipped', 'disabled'),
	};
}

function retriesOf({ name, assertionResults }: FileReport): string[] {
	return assertionResults
		.filter(({ retryReasons = [] }) => retryReasons.length > 0)
		.map(({ fullName, status, retryReasons = [] }) => {
			const reason = retryReasons[0]?.split('\n')[0] ?? '';
			return `${path.relative(ROOT, name)}: ${fullName} (then ${status})\n    ${reason}`;
		});
}
