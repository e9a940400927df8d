import { findChromium } from '../lib/chromium';
import start from './setup';

/** Starts n8n for the tests in the editor; without a browser they are skipped anyway. */
export default async function setup(): Promise<void> {
	if (findChromium()) await start();
}
