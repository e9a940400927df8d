import { realClock, type Clock } from './clock';

/** What can be changed while the emulator runs (`setOptions`, `POST /_emulator/options`). */
export interface Settings {
	/** The one API key that is accepted. */
	apiKey: string;
	/** Credit in USD at the start (and after a reset). */
	balance: number;
	/** Wall seconds from start of a job to its end; applies to jobs started afterwards. */
	jobSeconds: number;
	/** `video`: picture and voices through ffmpeg. `stub`: a tiny valid MP4 without them. */
	render: 'video' | 'stub';
	/** Whether a job reads its three input URLs. `false` lets tests use made-up URLs. */
	readInputs: boolean;
	/** Accepted submissions per minute; 429 above it. `null`: no limit. */
	requestsPerMinute: number | null;
	/** Wall seconds of one "minute" of that limit. */
	minuteSeconds: number;
	/** Whether a 429 of that limit carries `Retry-After`. */
	retryAfterHeader: boolean;
	/** Jobs above this number stay `created`. `null`: no limit. */
	concurrentJobs: number | null;
	webhookSecret: string;
	/** Seconds before the first webhook retry; doubled for each of the two further ones. */
	webhookBackoffSeconds: number;
	/** Size in bytes of an MP4 `free` box appended to every output. 0: none. */
	videoPaddingBytes: number;
	/** `disk`: a temporary folder. `discard`: only count, hash and first bytes are kept. */
	storeUploads: 'disk' | 'discard';
	/** Largest upload in bytes; 413 above it. */
	uploadLimitBytes: number;
	/** Seconds after which an upload ticket expires. */
	ticketSeconds: number;
	/** Seconds after which predictions, outputs and uploads are gone. */
	retentionSeconds: number;
}

export interface EmulatorOptions extends Partial<Settings> {
	/** Ports on 127.0.0.1; 0 (the default) lets the system choose. */
	ports?: { api?: number; storage?: number; cdn?: number };
	clock?: Clock;
	/** Called with one line per event worth telling a person. Default: silent. */
	log?: (line: string) => void;
}

export const defaultSettings: Readonly<Settings> = {
	apiKey: 'wsk_emulator_key',
	balance: 100,
	jobSeconds: 2,
	render: 'video',
	readInputs: true,
	requestsPerMinute: null,
	minuteSeconds: 60,
	retryAfterHeader: true,
	concurrentJobs: null,
	webhookSecret: 'whsec_ZW11bGF0b3Itc2VjcmV0LW5vdC1yZWFs',
	webhookBackoffSeconds: 1,
	videoPaddingBytes: 0,
	storeUploads: 'disk',
	uploadLimitBytes: 200 * 1024 * 1024,
	ticketSeconds: 15 * 60,
	retentionSeconds: 7 * 24 * 3600,
};

/** The settings in `options`, completed by the defaults; things of the process left out. */
export function settingsFrom(options: EmulatorOptions): Settings {
	const settings: Settings = { ...defaultSettings };
	applySettings(settings, options);
	return settings;
}

/** Copies the known settings of `patch`; refuses an unknown name, which would be a typing error. */
export function applySettings(settings: Settings, patch: object): void {
	for (const [name, value] of Object.entries(patch)) {
		if (['ports', 'clock', 'log'].includes(name) || value === undefined) continue;
		if (!(name in defaultSettings)) throw new Error(`The emulator has no option "${name}"`);
		Object.assign(settings, { [name]: value });
	}
}

export function clockFrom(options: EmulatorOptions): Clock {
	return options.clock ?? realClock;
}
