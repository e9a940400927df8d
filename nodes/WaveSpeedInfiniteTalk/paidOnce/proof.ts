/**
 * Is a job made of exactly our inputs? A seed only finds it: 31 bits, in a field that anybody may set. A video
 * of other inputs is worse than a second bill, so what cannot be proved is not taken.
 */
import { createHash } from 'crypto';
import { ApiError } from '../api/errors';
import type { ByteStream, Http } from '../api/http';
import { openFollowing } from '../api/openFollowing';
import type { Prediction } from '../api/prediction';
import { transferRefusal } from '../api/urls';
import type { InputKey } from '../errors/inputNames';
import { INPUT_KEYS } from '../errors/inputNames';
import { toResult } from '../shared/result';
import type { JobIdentity } from './jobMemory';
import { knownJob, rememberJob } from './jobMemory';

/** Silence after which an input of a job counts as unreadable. */
const IDLE_TIMEOUT_MS = 10_000;
/** An input is given up after this time and its size at this rate, whatever its server drips. */
const BASE_TIMEOUT_MS = 15_000;
const MIN_BYTES_PER_MS = 256;
/** Addresses whose content is remembered; those of uploads never get another one. */
const MAX_ADDRESSES = 5_000;

/** The content of a file. */
export interface FileDigest {
	/** Hex. */
	sha256: string;
	/** Bytes. */
	size: number;
}

/** What a job is to be made of, by the API's names. */
export type InputFiles = Partial<Record<InputKey, FileDigest>>;

export type Verdict =
	| { is: 'equal' }
	| { is: 'different' }
	/** The reason follows "cannot be compared, because". */
	| { is: 'notProvable'; reason: string };

const EQUAL: Verdict = { is: 'equal' };
const DIFFERENT: Verdict = { is: 'different' };

/** What was read whole at addresses of the history, by this process. */
const contents = new Map<string, FileDigest>();

export class Proof {
	/** Of this run: what cannot be read now is not tried again for each item, look and repetition. */
	private readonly verdicts = new Map<string, Promise<Verdict>>();

	constructor(
		private readonly http: Http,
		private readonly baseUrl: string,
	) {}

	/**
	 * Compares the files that a job is made of: by what this process knows of the job, else by reading them
	 * at the addresses that the history shows, without the key, at most as many bytes as ours have. Model,
	 * resolution, order and prompt are for the caller to compare, see `matchesJob`.
	 *
	 * @param job with its inputs, as the history shows it
	 * @param identity of the job that is asked for, with the digest of these files
	 * @throws CancelledError when the execution is stopped
	 */
	async check(job: Prediction, identity: JobIdentity, files: InputFiles): Promise<Verdict> {
		const known = knownJob(identity.accountId, job.id);
		if (known) return known.inputsDigest === identity.inputsDigest ? EQUAL : DIFFERENT;
		const key = `${job.id} ${identity.inputsDigest}`;
		const running = this.verdicts.get(key) ?? this.compare(job, files);
		this.verdicts.set(key, running);
		const verdict = await running;
		if (verdict.is === 'equal') rememberJob({ ...identity, prediction: job });
		return verdict;
	}

	private async compare({ inputs = {} }: Prediction, files: InputFiles): Promise<Verdict> {
		const keys = Object.values(INPUT_KEYS);
		if (keys.some((key) => !files[key] && inputs[key])) return DIFFERENT;
		// The heads of all files first: a length often tells them apart.
		const compared = await Promise.all(
			keys.flatMap((key) => {
				const file = files[key];
				return file ? [this.open(key, inputs[key], file)] : [];
			}),
		);
		const early = firstUnequal(compared.filter((result) => 'is' in result));
		if (!early) return firstUnequal(await Promise.all(compared.map(readContent))) ?? EQUAL;
		for (const result of compared) if ('stream' in result) result.stream.destroy();
		return early;
	}

	/** The verdict, where the address or the response's head tells it; otherwise what is to be read. */
	private async open(
		key: string,
		address: unknown,
		file: FileDigest,
	): Promise<Verdict | OpenedFile> {
		const notProvable = (reason: string): Verdict => ({
			is: 'notProvable',
			reason: `its ${key.replace('_', ' ')} ${reason}`,
		});
		if (typeof address !== 'string') return notProvable('is not shown');
		const content = contents.get(address);
		if (content) return compareContent(content, file);
		const opening = openFollowing(this.http, address, {
			refusalOf: (url) => transferRefusal(url, this.baseUrl),
			idleTimeoutMs: IDLE_TIMEOUT_MS,
			timeoutMs: BASE_TIMEOUT_MS + Math.ceil(file.size / MIN_BYTES_PER_MS),
		});
		const opened = await toResult(opening);
		if ('error' in opened) {
			if (!(opened.error instanceof ApiError)) throw opened.error;
			return notProvable(`cannot be read (${opened.error.message})`);
		}
		if ('refusal' in opened.value) return notProvable(`has a URL that ${opened.value.refusal}`);
		const { stream, headers } = opened.value.response;
		if (Number(headers['content-length'] ?? file.size) === file.size) {
			return { address, file, stream, broken: notProvable('cannot be read to the end') };
		}
		stream.destroy();
		return DIFFERENT;
	}
}

interface OpenedFile {
	address: string;
	file: FileDigest;
	stream: ByteStream;
	/** The verdict when the stream breaks. */
	broken: Verdict;
}

async function readContent(opened: Verdict | OpenedFile): Promise<Verdict> {
	if ('is' in opened) return opened;
	const { address, file, stream, broken } = opened;
	const read = await toResult(digestOf(stream, file.size));
	// Stop breaks the stream as well: the next request or sleep says so.
	if ('error' in read) return broken;
	if (read.value === undefined) return DIFFERENT;
	rememberContent(address, read.value);
	return compareContent(read.value, file);
}

/** @returns undefined for what is longer, of which no more is read */
async function digestOf(stream: ByteStream, maxBytes: number): Promise<FileDigest | undefined> {
	const hash = createHash('sha256');
	let size = 0;
	// Leaving the loop ends the stream, and with it the connection.
	for await (const chunk of stream) {
		size += (chunk as Buffer).length;
		if (size > maxBytes) return undefined;
		hash.update(chunk as Buffer);
	}
	return { sha256: hash.digest('hex'), size };
}

function compareContent(content: FileDigest, file: FileDigest): Verdict {
	return content.sha256 === file.sha256 && content.size === file.size ? EQUAL : DIFFERENT;
}

/** A difference counts more than what cannot be read. */
function firstUnequal(verdicts: readonly Verdict[]): Verdict | undefined {
	const unequal = verdicts.filter(({ is }) => is !== 'equal');
	return unequal.find(({ is }) => is === 'different') ?? unequal[0];
}

/** @param address of an upload, whose content never changes */
export function rememberContent(address: string, content: FileDigest): void {
	contents.set(address, content);
	for (const oldest of contents.keys()) {
		if (contents.size <= MAX_ADDRESSES) break;
		contents.delete(oldest);
	}
}
