import { findChromium, CHROMIUM_ADVICE } from '../test/testbed/lib/chromium';
import { main } from './lib/main';
import { say } from '../test/testbed/lib/progress';
import { takePictures } from './screenshots/pictures';

/** Makes the pictures of the documentation anew, from the real editor: all, or those named. */
main(async () => {
	if (!findChromium()) throw new Error(`Pictures need a browser: ${CHROMIUM_ADVICE}.`);
	const files = await takePictures(process.argv.slice(2));
	for (const file of files) say(file);
});
