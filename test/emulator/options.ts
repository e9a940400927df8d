import type { KeySettings } from './auth';

/** What can be changed while the emulator runs (`setOptions`, also from other processes). */
export const defaultSettings = {
	/** The main API key. */
	apiKey: 'wsk_emulator_key',
	/** Further keys, by key, or (with the main one) its restrictions. */
	keys: {} as Record<string, KeySettings>,
	/** Credit in USD of each account at the start (and after a reset). */
	balance: 100,
	/** Seconds from a job's start to its end; applies to jobs started afterwards. */
	jobSeconds: 2,
	/** `video`: picture and voices through ffmpeg. `stub`: a tiny valid MP4 without them. */
	render: 'video' as 'video' | 'stub',
	/** Whether jobs read their input URLs. `false` allows made-up URLs. */
	readInputs: true,
	/** Accepted submissions per minute; 429 above it. `null`: no limit. */
	requestsPerMinute: null as number | null,
	/** Length of that "minute" in seconds. */
	minuteSeconds: 60,
	webhookSecret: 'whsec_ZW11bGF0b3Itc2VjcmV0LW5vdC1yZWFs',
	/** Seconds before the first webhook retry; doubles with each further retry. */
	webhookBackoffSeconds: 1,
	/** Deliveries after the first that the receiver refuses. */
	webhookRetries: 3,
	/** Size in bytes of an MP4 `free` box appended to every output, at least 8. 0: none. */
	videoPaddingBytes: 0,
	/** `disk`: a temporary folder. `discard`: keeps only size, hash and what the first bytes tell. */
	storeUploads: 'disk' as 'disk' | 'discard',
	/** Whether a ticket's headers name the Content-Type. */
	ticketContentType: true,
	/** Seconds after which predictions and outputs are deleted. */
	retentionSeconds: 7 * 24 * 3600,
	/**
	 * Seconds by which the server's clock is ahead of the real one (negative: behind), in all that it
	 * reports. The request log and the rate limits keep real time.
	 */
	clockOffsetSeconds: 0,
	/** Field of the history in which the inputs are shown when asked for. */
	historyInputs: 'inputs' as 'input' | 'inputs' | 'none',
	/** Seconds after submission until the history shows a job. */
	historyLagSeconds: 0,
	/** Percentage of the price that is paid, e.g. 90 for a discount of 10 %. `null`: no discount. */
	discountRate: null as number | null,
};

export type Settings = typeof defaultSettings;

export interface EmulatorOptions extends Partial<Settings> {
	/** Port of the API on 127.0.0.1; 0 (the default) lets the system choose. */
	port?: number;
	/** Receives one line per event. Default: silent. */
	log?: (line: string) => void;
}

/** Copies the settings of `patch`; throws on an unknown name. */
export function applySettings(settings: Settings, patch: object): void {
	for (const [name, value] of Object.entries(patch)) {
		if (['port', 'log'].includes(name) || value === undefined) continue;
		if (!(name in defaultSettings)) throw new Error(`The emulator has no option "${name}"`);
		Object.assign(settings, { [name]: value });
	}
}

/** The server's own time, in milliseconds since the epoch. */
export function serverTime({ clockOffsetSeconds }: Settings): number {
	return Date.now() + clockOffsetSeconds * 1000;
}
