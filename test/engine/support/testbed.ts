import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { forgetHolds } from '../../../nodes/WaveSpeedInfiniteTalk/polling/rateLimitHold';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator';
import { defaultSettings } from '../../emulator/options';
import { later } from '../../testbed/lib/later';
import { Engine } from './engine';
import { userFolder } from './environment';
import { endSleeps, resetTime } from './time';

/** Jobs end at once, and their videos are made without ffmpeg. */
const USUAL: EmulatorOptions = { render: 'stub', jobSeconds: 0 };

/**
 * An emulator and an engine for the tests of a file, which may name both at its top. The emulator is as new before each test.
 *
 * @param otherKeys API keys of further credentials, by their ID
 */
export function useEngine(
	options: { otherKeys?: Record<string, string>; emulator?: EmulatorOptions } = {},
) {
	let started: Emulator;
	const emulatorOptions = { ...USUAL, ...options.emulator };
	const emulator = later(() => started);
	const engine = new Engine(emulator, options.otherKeys);

	beforeAll(async () => {
		started = await startEmulator(emulatorOptions);
	});

	beforeEach(async () => {
		resetTime(emulator);
		forgetHolds();
		emulator.setOptions({ ...defaultSettings, ...emulatorOptions });
		await emulator.reset();
	});

	afterEach(async () => {
		await emulator.finishAll();
		await quiet(emulator);
		endSleeps();
		// A fault that meets no request proves nothing, and "overcome" would be true without it.
		expect(emulator.faults.unused).toEqual([]);
	});

	afterAll(async () => {
		await emulator.close();
		rmSync(userFolder, { recursive: true, force: true });
	});

	return { emulator, engine };
}

/**
 * Resolves when all that was sent has arrived and been answered. A request can be on its way in the
 * kernel although the node has given it up; a few turns of the event loop bring it in.
 */
export async function quiet(emulator: Emulator): Promise<void> {
	let seen = -1;
	while (seen !== emulator.requests.length) {
		seen = emulator.requests.length;
		for (let turn = 0; turn < 20; turn += 1) await setImmediate();
		await emulator.until(() => emulator.requests.every(({ endTime }) => endTime !== undefined));
	}
}

/** What is held back until the test lets it go. */
export function closedGate(): { opened: Promise<void>; open(): void } {
	let open = () => {};
	const opened = new Promise<void>((resolve) => (open = resolve));
	return { opened, open };
}
