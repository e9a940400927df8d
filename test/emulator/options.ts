import { realClock, type Clock } from './clock';

/** What can be changed while the emulator runs (`setOptions`, `POST /_emulator/options`). */
export interface Settings {
	/** The one API key that is accepted. */
	apiKey: string;
	/** Credit in USD at the start (and after a reset). */
	balance: number;
	/** Seconds from a job's start to its end; applies to jobs started afterwards. */
	jobSeconds: number;
	/** `video`: picture and voices through ffmpeg. `stub`: a tiny valid MP4 without them. */
	render: 'video' | 'stub';
	/** Whether jobs read their input URLs. `false` allows made-up URLs. */
	readInputs: boolean;
	/** Accepted submissions per minute; 429 above it. `null`: no limit. */
	requestsPerMinute: number | null;
	/** Length of that "minute" in seconds. */
	minuteSeconds: number;
	/** Whether the 429 of a rate limit carries `Retry-After`. */
	retryAfterHeader: boolean;
	/** Maximum of running jobs; further ones stay `created`. `null`: no limit. */
	concurrentJobs: number | null;
	webhookSecret: string;
	/** Seconds before the first webhook retry; doubles with each further retry. */
	webhookBackoffSeconds: number;
	/** Size in bytes of an MP4 `free` box appended to every output. 0: none. */
	videoPaddingBytes: number;
	/** `disk`: a temporary folder. `discard`: keeps only size, hash and first bytes. */
	storeUploads: 'disk' | 'discard';
	/** Largest upload in bytes; 413 above it. */
	uploadLimitBytes: number;
	/** Seconds after which an upload ticket expires. */
	ticketSeconds: number;
	/** Seconds after which predictions, outputs and uploads are deleted. */
	retentionSeconds: number;
}

export interface EmulatorOptions extends Partial<Settings> {
	/** Ports on 127.0.0.1; 0 (the default) lets the system choose. */
	ports?: { api?: number; storage?: number; cdn?: number };
	clock?: Clock;
	/** Receives one line per event. Default: silent. */
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

/** The settings in `options` over the defaults. */
export function settingsFrom(options: EmulatorOptions): Settings {
	const settings: Settings = { ...defaultSettings };
	applySettings(settings, options);
	return settings;
}

/** Copies the settings of `patch`; throws on an unknown name. */
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
