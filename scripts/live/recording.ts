/** What a pass leaves behind to be looked at, or shown to others: without secrets. */
import { redact } from '../../nodes/WaveSpeedInfiniteTalk/shared/redact';
import type { Exchange } from './http';
import type { PassResult } from './pass';

const REDACTED = '(redacted)';

/** Version of the form below. */
const FORMAT = 1;
/** Headers that tell something about the API, and neither about the account nor a signature. */
const SHOWN_HEADERS = /^(content-type|content-length|date|retry-after|if-none-match)$/i;
const PERSONAL = /secret|token|mail|user|account|owner|phone|^org|key_name/i;
const ADDRESS = /https?:\/\/[^\s"'<>\\]+/g;
const EMAIL = /[\w.+-]+@[\w-]+\.[\w.-]+/g;

export interface RecordingOptions {
	apiKey: string;
	/** Of the API, without a slash at the end. */
	baseUrl: string;
	/** When the pass began, ISO 8601. */
	date: string;
	/** Of this package. */
	version: string;
}

/**
 * The recording as JSON text. Not in it: the key, other secrets, the path and the query of addresses,
 * names, the balance, and jobs that this pass has not made.
 *
 * @throws Error when the key would be in it all the same
 */
export function recordingOf(result: PassResult, options: RecordingOptions): string {
	const { apiKey, baseUrl, date, version } = options;
	const { exchanges, ...findings } = result;
	const redactor = new Redactor(apiKey, baseUrl, new Set(result.ownJobs));
	const recording = {
		format: FORMAT,
		date,
		version,
		baseUrl,
		...findings,
		exchanges: exchanges.map((exchange) => redactor.exchange(exchange)),
	};
	const text = JSON.stringify(redactor.value(recording), null, '\t');
	if (text.includes(apiKey)) throw new Error('The recording is not saved: the key is in it.');
	return `${text}\n`;
}

class Redactor {
	private readonly addresses = new Map<string, number>();

	constructor(
		private readonly apiKey: string,
		private readonly baseUrl: string,
		private readonly ownJobs: ReadonlySet<string>,
	) {}

	exchange(exchange: Exchange): object {
		const isList = exchange.call === 'history' || exchange.call === 'billings';
		return isList ? { ...exchange, answer: this.ownEntries(exchange.answer) } : exchange;
	}

	/** @param name of the field that has the value */
	value(value: unknown, name = ''): unknown {
		if (typeof value === 'string') return PERSONAL.test(name) ? REDACTED : this.text(value);
		if (typeof value === 'number') return name === 'balance' || PERSONAL.test(name) ? 0 : value;
		if (Array.isArray(value)) return value.map((entry) => this.value(entry, name));
		if (typeof value !== 'object' || value === null) return value;
		const isHidden = (key: string) => name === 'headers' && !SHOWN_HEADERS.test(key);
		return Object.fromEntries(
			Object.entries(value).map(([key, entry]) => [
				this.text(key),
				isHidden(key) ? REDACTED : this.value(entry, key),
			]),
		);
	}

	/** A list without what belongs to other jobs of the account. */
	private ownEntries(answer: unknown): unknown {
		const { data } = (answer ?? {}) as { data?: { items?: unknown } };
		if (!Array.isArray(data?.items)) return answer;
		const items = data.items.map((item: { id?: string; prediction?: { uuid?: string } }) => {
			const id = item?.id ?? item?.prediction?.uuid ?? '';
			return this.ownJobs.has(id) ? item : 'another job of the account';
		});
		return { ...(answer as object), data: { ...data, items } };
	}

	private text(text: string): string {
		return redact(this.apiKey, text)
			.replace(ADDRESS, (address) => this.address(address))
			.replace(EMAIL, REDACTED);
	}

	/** Equal addresses stay equal, so that the recording shows what the history echoes. */
	private address(address: string): string {
		if (address === this.baseUrl || address.startsWith(`${this.baseUrl}/api/`)) {
			return address.replace(/[?#].*$/, '');
		}
		const number = this.addresses.get(address) ?? this.addresses.size + 1;
		this.addresses.set(address, number);
		const [, origin = '', extension = ''] =
			/^(https?:\/\/[^/?#]*)[^?#]*?(\.\w{2,4})?([?#]|$)/.exec(address) ?? [];
		return `${origin}/(address ${number})${extension}`;
	}
}
