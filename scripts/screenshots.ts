import { findChromium, CHROMIUM_ADVICE } from '../test/testbed/lib/chromium';
import { main, readNames } from './lib/main';
import { say } from '../test/testbed/lib/progress';
import { PICTURES, takePictures } from './screenshots/pictures';

/** Makes the pictures of the documentation anew, from the real editor: all, or those of a list. */
main(async () => {
	if (!findChromium()) throw new Error(`Pictures need a browser: ${CHROMIUM_ADVICE}.`);
	const known = Object.keys(PICTURES);
	const names = readNames(`Pictures: ${known.join(', ')}`, known, process.argv[2]);
	for (const file of await takePictures(names)) say(file);
});
