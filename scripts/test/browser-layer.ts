import { CHROMIUM_ADVICE, findChromium } from '../../test/testbed/lib/chromium';
import type { Counts } from './counts';
import { jestLayer } from './jest-layer';
import { say } from '../../test/testbed/lib/progress';

/** Runs the tests in n8n's editor; without a browser they count as skipped, and that is said. */
export async function browserLayer(args: readonly string[]): Promise<Counts> {
	if (!findChromium()) {
		say('!! SKIPPED: the tests in the editor need a browser, and none was found.');
		say(`!! To run them, ${CHROMIUM_ADVICE}.`);
	}
	return await jestLayer('browser', ['--runInBand', ...args]);
}
