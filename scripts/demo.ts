import { startDemo } from './demo/demo';
import { main, readOptions } from './lib/main';

const USAGE = `Usage: npm run demo [-- --once]
  --once  end after the video is written
Set WAVESPEED_API_KEY to use the real service (your account is charged) instead of the emulator.`;

main(async () => {
	const { once } = readOptions(USAGE, { once: { type: 'boolean', default: false } });
	return await startDemo(once, process.env.WAVESPEED_API_KEY?.trim());
});
