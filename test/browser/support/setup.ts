import { findChromium } from '../../../scripts/lib/chromium';
import start from '../../support/e2e/setup';

/** Starts n8n for the tests in the editor; without a browser they are skipped anyway. */
export default async function setup(): Promise<void> {
	if (findChromium()) await start();
}
