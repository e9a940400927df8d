import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Environment variable that names the browser to use. */
export const CHROMIUM_VARIABLE = 'CHROMIUM_PATH';

/** How to get a browser, for people whose machine has none. */
export const CHROMIUM_ADVICE = `install Chromium (Debian: apt install chromium) or set ${CHROMIUM_VARIABLE}`;

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** The Chromium or Chrome of this machine, or undefined when it has none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
	const chosen = env[CHROMIUM_VARIABLE];
	if (chosen) return chosen;
	const folders = (env.PATH ?? '').split(path.delimiter).filter(Boolean);
	const inPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
	return [...inPath, ...PLACES].find(isProgram);
}

function isProgram(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
