import type { KeySettings } from './auth';
import { realClock, type Clock } from './clock';

/** What can be changed while the emulator runs (`setOptions`, `POST /_emulator/options`). */
export interface Settings {
	/** The main API key. */
	apiKey: string;
	/** Further keys, by key, or (with the main one) its restrictions. */
	keys: Record<string, KeySettings>;
	/** Credit in USD at the start (and after a reset). */
	balance: number;
	/** Seconds from a job's start to its end; applies to jobs started afterwards. */
	jobSeconds: number;
	/** `video`: picture and voices through ffmpeg. `stub`: a tiny valid MP4 without them. */
	render: 'video' | 'stub';
	/** Whether jobs read their input URLs. `false` allows made-up URLs. */
	readInputs: boolean;
	/** Origins of input URLs that another server answers for, e.g. `{ 'https://a.example': 'http://127.0.0.1:80' }`. */
	inputOrigins: Record<string, string>;
	/** Accepted submissions per minute; 429 above it. `null`: no limit. */
	requestsPerMinute: number | null;
	/** Upload tickets per minute; 429 above it. `null`: no limit. */
	ticketsPerMinute: number | null;
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
	/** Whether a ticket's headers name the Content-Type. */
	ticketContentType: boolean;
	/** Whether a PUT with a Content-Type that its ticket does not name is refused with a 403. */
	refuseUnsignedContentType: boolean;
	/** Seconds after which predictions, outputs and uploads are deleted. */
	retentionSeconds: number;
	/** Seconds by which the server's clock is ahead of the real one (negative: behind). */
	clockOffsetSeconds: number;
	/** Paths of the result endpoint that exist; the other one responds 404. */
	resultPath: 'both' | '/predictions/{id}/result' | '/predictions/{id}';
	/** Upload methods that exist; the other one responds 404. */
	uploadMethods: 'both' | 'ticket' | 'oneStep';
	/** Other words for statuses in all responses, e.g. `{ completed: 'succeeded' }`. */
	statusWords: Record<string, string>;
	/** What happens to unknown keys of a submission. */
	unknownKeys: 'drop' | 'refuse';
	/** Field of the history in which the inputs are shown when asked for. */
	historyInputs: 'input' | 'inputs' | 'none';
	/** Whether history and webhooks show the seed drawn by the server instead of -1 or none. */
	showDrawnSeed: boolean;
	/** Seconds after submission until the history shows a job. */
	historyLagSeconds: number;
	/** Jobs that other clients of the account create after each page that was read. */
	historyGrowth: number;
	/** Response to a `status` filter of the history that does not exist: 400, or an empty page. */
	unknownHistoryStatus: 'refuse' | 'empty';
	/** Share of the price (0 to 1) refunded for jobs with this end. */
	refundShares: Record<string, number>;
	/** Percentage of the price that is paid, e.g. 90 for a discount of 10 %. `null`: no discount. */
	discountRate: number | null;
	/** Currency of a price quote. `null`: the field is left out. */
	priceCurrency: string | null;
	/** HTTP status of a price quote for an unknown model. */
	unknownModelPriceStatus: 400 | 404;
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
	keys: {},
	balance: 100,
	jobSeconds: 2,
	render: 'video',
	readInputs: true,
	inputOrigins: {},
	requestsPerMinute: null,
	ticketsPerMinute: null,
	minuteSeconds: 60,
	retryAfterHeader: true,
	concurrentJobs: null,
	webhookSecret: 'whsec_ZW11bGF0b3Itc2VjcmV0LW5vdC1yZWFs',
	webhookBackoffSeconds: 1,
	videoPaddingBytes: 0,
	storeUploads: 'disk',
	uploadLimitBytes: 200 * 1024 * 1024,
	ticketSeconds: 15 * 60,
	ticketContentType: true,
	refuseUnsignedContentType: false,
	retentionSeconds: 7 * 24 * 3600,
	clockOffsetSeconds: 0,
	resultPath: 'both',
	uploadMethods: 'both',
	statusWords: {},
	unknownKeys: 'drop',
	historyInputs: 'inputs',
	showDrawnSeed: false,
	historyLagSeconds: 0,
	historyGrowth: 0,
	unknownHistoryStatus: 'refuse',
	refundShares: { failed: 1, error: 1, timeout: 1, expired: 1, cancelled: 0.5, canceled: 0.5 },
	discountRate: null,
	priceCurrency: 'USD',
	unknownModelPriceStatus: 404,
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
