import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator';
import { startEmulator } from '../../emulator/emulator';
import { defaultSettings } from '../../emulator/options';
import type { Engine, EngineOptions } from './engine';
import { createEngine } from './engine';
import { removeUserFolder } from './environment';
import { resetTime } from './time';

/** What every test of a file has; made before the first one, closed after the last. */
export interface EngineTestbed {
	readonly emulator: Emulator;
	readonly engine: Engine;
}

/** Jobs end soon, and their videos are made without ffmpeg. */
const USUAL: EmulatorOptions = { render: 'stub', jobSeconds: 0.02 };

/** An emulator and an engine for the tests of a file, as new before each test. */
export function useEngine(
	options: Omit<EngineOptions, 'emulator'> & { emulator?: EmulatorOptions } = {},
): EngineTestbed {
	let emulator: Emulator | undefined;
	let engine: Engine | undefined;
	const emulatorOptions = { ...USUAL, ...options.emulator };

	beforeAll(async () => {
		emulator = await startEmulator(emulatorOptions);
		engine = await createEngine({ ...options, emulator });
	});

	beforeEach(async () => {
		resetTime();
		emulator?.setOptions({ ...defaultSettings, ...emulatorOptions });
		await emulator?.reset();
	});

	afterEach(async () => {
		await emulator?.finishAll();
		await quiet(required(emulator));
		// A fault that meets no request proves nothing, and "overcome" would be true without it.
		expect(required(emulator).faults.unused).toEqual([]);
	});

	afterAll(async () => {
		await emulator?.close();
		removeUserFolder();
	});

	return {
		get emulator() {
			return required(emulator);
		},
		get engine() {
			return required(engine);
		},
	};
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

function required<T>(value: T | undefined): T {
	if (value === undefined) throw new Error('Only inside of tests');
	return value;
}
