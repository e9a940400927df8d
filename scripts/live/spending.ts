/** Keeps the pass from spending more than was agreed to, whatever else goes wrong in it. */
import type {
	Http,
	HttpRequest,
	HttpResponse,
	HttpStream,
} from '../../nodes/WaveSpeedInfiniteTalk/api/http';
import { callOf } from './calls';

/** Jobs that one pass submits at most. */
export const MAX_JOBS = 3;

/** Lets no submission through until `allow` was called, and at most {@link MAX_JOBS} then. */
export class SpendingHttp implements Http {
	private left = 0;

	constructor(
		private readonly http: Http,
		private readonly baseUrl: string,
	) {}

	/** Allows so many jobs, {@link MAX_JOBS} at most. To be called once. */
	allow(jobs: number): void {
		this.left = Math.min(jobs, MAX_JOBS);
	}

	/** @throws Error when the request would make a job that was not allowed */
	async send(request: HttpRequest): Promise<HttpResponse> {
		if (callOf(request.method, request.url, this.baseUrl) !== 'submit') {
			return await this.http.send(request);
		}
		if (this.left <= 0) throw new Error('The pass may not submit this job: it was not agreed to.');
		this.left--;
		const response = await this.http.send(request);
		// A refusal makes no job.
		if (response.status >= 400 && response.status < 500) this.left++;
		return response;
	}

	async open(request: HttpRequest): Promise<HttpStream> {
		if (request.method !== 'GET') throw new Error('Only downloads are read as streams.');
		return await this.http.open(request);
	}
}
