/** A strict stand-in for HTTP: whatever is not scripted fails the test, and so does a leftover. */
import { afterEach } from '@jest/globals';
import { Readable } from 'stream';
import { buffer as readAll } from 'stream/consumers';
import type {
	Http,
	HttpResponse,
	HttpRequest,
	HttpStream,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/http';

export { readAll };

/** A request with its body read to the end. */
export interface SeenRequest extends Omit<HttpRequest, 'body'> {
	/** The body as text. */
	text: string;
	/** The body's bytes, and the length that was announced for it. */
	bytes: Buffer;
	announced?: number;
}

export interface StreamReply {
	status: number;
	headers?: Record<string, string>;
	stream: Readable;
}

type Reply = Partial<HttpResponse> | StreamReply | Error;
type Answerer = Reply | ((request: SeenRequest) => Reply | Promise<Reply>);

interface Route {
	method: string;
	where: string | RegExp;
	replies: Answerer[];
	/** Answers for ever, and need not be used. */
	always: boolean;
}

const made: ScriptedHttp[] = [];

afterEach(() => {
	for (const http of made.splice(0)) http.verify();
});

export class ScriptedHttp implements Http {
	readonly requests: SeenRequest[] = [];
	/** How many requests were under way together at most. */
	mostAtOnce = 0;
	private underWay = 0;
	private readonly routes: Route[] = [];
	private readonly surprises: string[] = [];

	constructor() {
		made.push(this);
	}

	/** Each reply is used once, in order; all must be used. */
	on(method: string, where: string | RegExp, ...replies: Answerer[]): this {
		this.routes.push({ method, where, replies, always: false });
		return this;
	}

	/** The same reply for any number of requests. */
	always(method: string, where: string | RegExp, reply: Answerer): this {
		this.routes.push({ method, where, replies: [reply], always: true });
		return this;
	}

	to(method: string, where: string | RegExp): SeenRequest[] {
		return this.requests.filter((request) => matches({ method, where }, request));
	}

	/** The JSON that was sent to an address, or to all. */
	json(where: string | RegExp = /./): Array<Record<string, unknown>> {
		return this.to('POST', where).map(jsonOf);
	}

	verify(): void {
		const left = this.routes
			.filter((route) => !route.always && route.replies.length > 0)
			.map((route) => `${route.method} ${route.where} ×${route.replies.length}`);
		if (this.surprises.length > 0) throw new Error(`Not scripted: ${this.surprises.join(', ')}`);
		if (left.length > 0) throw new Error(`Scripted and never asked for: ${left.join(', ')}`);
	}

	async send(request: HttpRequest): Promise<HttpResponse> {
		const reply = await this.reply(request);
		if ('stream' in reply) throw new Error('A stream is scripted where text is asked for');
		return { status: 200, headers: {}, text: '', ...reply };
	}

	async open(request: HttpRequest): Promise<HttpStream> {
		const reply = await this.reply(request);
		if (!('stream' in reply)) throw new Error('Text is scripted where a stream is asked for');
		return { headers: {}, ...reply };
	}

	private async reply(request: HttpRequest): Promise<Exclude<Reply, Error>> {
		this.mostAtOnce = Math.max(this.mostAtOnce, ++this.underWay);
		try {
			const seen = await see(request);
			this.requests.push(seen);
			const route = this.routes.find(
				(candidate) => candidate.replies.length > 0 && matches(candidate, seen),
			);
			if (!route) {
				this.surprises.push(`${request.method} ${request.url}`);
				throw new Error(`Not scripted: ${request.method} ${request.url}`);
			}
			const answerer = route.always ? route.replies[0]! : route.replies.shift()!;
			const reply = typeof answerer === 'function' ? await answerer(seen) : answerer;
			if (reply instanceof Error) throw reply;
			return reply;
		} finally {
			this.underWay--;
		}
	}
}

/** The JSON that a request sends. */
export function jsonOf({ text }: Pick<SeenRequest, 'text'>): Record<string, unknown> {
	return JSON.parse(text) as Record<string, unknown>;
}

function matches(route: Pick<Route, 'method' | 'where'>, request: SeenRequest): boolean {
	if (route.method !== request.method) return false;
	return typeof route.where === 'string'
		? request.url === route.where
		: route.where.test(request.url);
}

async function see({ body, ...request }: HttpRequest): Promise<SeenRequest> {
	const isFile = typeof body === 'object';
	const bytes = isFile ? await readAll(await body.open()) : Buffer.from(body ?? '');
	return { ...request, text: bytes.toString(), bytes, ...(isFile && { announced: body.size }) };
}

export function createStream(content: string | Buffer, status = 200, headers = {}): StreamReply {
	return { status, headers, stream: Readable.from([Buffer.from(content)]) };
}

export function createRedirect(location: string, status = 302): StreamReply {
	return createStream('', status, { location });
}
