import { existsSync } from 'node:fs';
import path from 'node:path';

/** How to get a browser, for people whose machine has none. */
export const CHROMIUM_ADVICE =
	'install Chromium (Debian: apt install chromium) or set CHROMIUM_PATH';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** The Chromium or Chrome of this machine, or undefined when it has none. */
export function findChromium(): string | undefined {
	const chosen = process.env.CHROMIUM_PATH;
	if (chosen) return chosen;
	const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
	const inPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
	return [...inPath, ...PLACES].find(existsSync);
}
