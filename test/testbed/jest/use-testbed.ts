import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator';
import { later } from '../lib/later';
import { Testbed, type TestbedOptions } from '../testbed';
import { shared } from './shared';

/**
 * Videos are made without ffmpeg, and a webhook is repeated soon, for half a minute: n8n refuses it until the execution is
 * stored, which takes a busy machine its time. The service itself repeats it three times.
 */
const FAST: EmulatorOptions = { render: 'stub', webhookBackoffSeconds: 0.5, webhookRetries: 6 };

/**
 * A testbed for the tests of a file: open before the first one, reset before each, closed after the
 * last. It joins the n8n that all tests share, unless `start` asks for one of its own. A file may name
 * client, emulator and editor at its top, before they are there.
 *
 * @param reset `false` where a test looks at what an earlier one, or a hook, has brought about
 */
export function useTestbed(
	options: TestbedOptions | (() => Promise<TestbedOptions>) = {},
	{ reset = true } = {},
): Testbed {
	const testbed = new Testbed();
	beforeAll(async () => {
		const given = typeof options === 'function' ? await options() : options;
		const { runtime, tarball, ...running } = shared();
		const n8n = given.start ? { start: { runtime, tarball, ...given.start } } : { n8n: running };
		await testbed.open({ ...given, ...n8n, emulator: { ...FAST, ...given.emulator } });
	});
	if (reset) beforeEach(async () => await testbed.reset());
	afterAll(async () => await testbed.close());
	return Object.create(testbed, {
		client: { value: later(() => testbed.client) },
		emulator: { value: later(() => testbed.emulator) },
		editor: { value: later(() => testbed.editor) },
	}) as Testbed;
}
