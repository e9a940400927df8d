import { describe, jest } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator';
import { findChromium } from '../../testbed/lib/chromium';
import { createWorkbench, type Workbench } from '../../e2e/support/bench';
import { shared } from '../../testbed/jest/shared';
import { Editor, type EditorOptions } from '../../testbed/editor';

/** Of a test or hook: the editor is heavy, and the machine may be busy. */
jest.setTimeout(240_000);

/** `describe` where there is a browser; elsewhere the tests show as skipped. */
export const describeInBrowser = findChromium() ? describe : describe.skip;

/** A workbench with somebody sitting at the editor. */
export interface Desk extends Workbench {
	readonly editor: Editor;
}

export async function sitDown(
	options: EmulatorOptions = {},
	look: EditorOptions = {},
): Promise<Desk> {
	const bench = await createWorkbench(shared(), options);
	const editor = await Editor.open(shared().url, look);
	return {
		...bench,
		editor,
		async close() {
			await editor.close();
			await bench.close();
		},
	};
}
