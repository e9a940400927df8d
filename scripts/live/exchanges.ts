/** Keeps what was asked and answered, as raw as it came. */
import { parseJson } from '../../nodes/WaveSpeedInfiniteTalk/api/envelope';
import type {
	Http,
	HttpRequest,
	HttpResponse,
	HttpStream,
} from '../../nodes/WaveSpeedInfiniteTalk/api/http';
import { NoResponseError } from '../../nodes/WaveSpeedInfiniteTalk/api/http';
import { MODELS } from '../../nodes/WaveSpeedInfiniteTalk/job/models';
import { callOf, type CallName } from './calls';

export interface Exchange {
	call: CallName;
	method: string;
	url: string;
	/** The JSON that was sent, if any. */
	sent?: unknown;
	/** Bytes that were sent as a file. */
	sentBytes?: number;
	/** HTTP status; absent when there was no response. */
	status?: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	/** The answer: parsed where it is JSON, else its text; absent for a download. */
	answer?: unknown;
	/** Code of the error where there was no response. */
	error?: string;
}

const MODEL_IDS = new Set(Object.values(MODELS).map(({ id }) => id));

/** Hands all requests on, and remembers them with their answers. */
export class RecordingHttp implements Http {
	readonly exchanges: Exchange[] = [];

	constructor(
		private readonly http: Http,
		private readonly baseUrl: string,
	) {}

	/** The answers to a call so far, oldest first. */
	of(call: CallName): Exchange[] {
		return this.exchanges.filter((exchange) => exchange.call === call);
	}

	async send(request: HttpRequest): Promise<HttpResponse> {
		const exchange = this.begin(request);
		const response = await this.orError(exchange, this.http.send(request));
		const answer = parseJson(response.text) ?? response.text;
		Object.assign(exchange, {
			status: response.status,
			headers: response.headers,
			answer: exchange.call === 'models' ? ownModels(answer) : answer,
		});
		return response;
	}

	async open(request: HttpRequest): Promise<HttpStream> {
		const exchange = this.begin(request);
		const { status, headers, stream } = await this.orError(exchange, this.http.open(request));
		Object.assign(exchange, { status, headers });
		return { status, headers, stream };
	}

	private begin({ method, url, body }: HttpRequest): Exchange {
		const exchange: Exchange = {
			call: callOf(method, url, this.baseUrl),
			method,
			url,
			headers: {},
			...(typeof body === 'string' && { sent: parseJson(body) }),
			...(typeof body === 'object' && { sentBytes: body.size }),
		};
		this.exchanges.push(exchange);
		return exchange;
	}

	private async orError<T>(exchange: Exchange, work: Promise<T>): Promise<T> {
		return await work.catch((error: unknown) => {
			exchange.error = error instanceof NoResponseError ? error.code : 'UNKNOWN';
			throw error;
		});
	}
}

/** The list has about a thousand models; those of the node are what matters here. */
function ownModels(answer: unknown): unknown {
	const { data } = answer as { data?: unknown };
	if (!Array.isArray(data)) return answer;
	const own = data.filter((model: { model_id?: unknown }) =>
		MODEL_IDS.has(String(model?.model_id)),
	);
	return { ...(answer as object), data: own };
}
