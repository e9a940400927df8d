import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { forgetHolds } from '../../../nodes/WaveSpeedInfiniteTalk/polling/rateLimitHold';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator';
import { defaultSettings } from '../../emulator/options';
import { later } from '../../testbed/lib/later';
import { createEngine, type Engine, type EngineOptions } from './engine';
import { removeUserFolder } from './environment';
import { endSleeps, resetTime } from './time';

/** What every test of a file has; a file may name both at its top, before they are there. */
export interface EngineTestbed {
	readonly emulator: Emulator;
	readonly engine: Engine;
}

/** Jobs end at once, and their videos are made without ffmpeg. */
const USUAL: EmulatorOptions = { render: 'stub', jobSeconds: 0 };

/**
 * An emulator and an engine for the tests of a file, as new before each test. n8n keeps files where the
 * latest engine says, so each test gets one that says it anew.
 */
export function useEngine(
	options: Omit<EngineOptions, 'emulator'> & { emulator?: EmulatorOptions } = {},
): EngineTestbed {
	let emulator: Emulator | undefined;
	let engine: Engine | undefined;
	const emulatorOptions = { ...USUAL, ...options.emulator };
	const running = {
		emulator: later(() => required(emulator)),
		engine: later(() => required(engine)),
	};

	beforeAll(async () => {
		emulator = await startEmulator(emulatorOptions);
	});

	beforeEach(async () => {
		resetTime(running.emulator);
		forgetHolds();
		running.emulator.setOptions({ ...defaultSettings, ...emulatorOptions });
		await running.emulator.reset();
		engine = await createEngine({ ...options, emulator: running.emulator });
	});

	afterEach(async () => {
		await running.emulator.finishAll();
		await quiet(running.emulator);
		endSleeps();
		// A fault that meets no request proves nothing, and "overcome" would be true without it.
		expect(running.emulator.faults.unused).toEqual([]);
	});

	afterAll(async () => {
		await emulator?.close();
		removeUserFolder();
	});

	return running;
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

function required<T>(value: T | undefined): T {
	if (value === undefined) throw new Error('Only inside of tests');
	return value;
}
