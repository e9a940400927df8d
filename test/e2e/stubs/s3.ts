import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import S3rver from '@20minutes/s3rver';
import { request } from 'undici';

/** The one account of the storage: it checks the signatures. */
const KEY = 'S3RVER';

export interface Storage {
	/** What n8n's S3 credential holds. */
	readonly credential: Readonly<Record<string, unknown>>;
	/** A stored file, or undefined when there is none of that name. */
	stored(name: string): Promise<{ type: string; content: Buffer } | undefined>;
	close(): Promise<void>;
}

/** An S3-compatible storage with one bucket. */
export async function startS3(bucket: string): Promise<Storage> {
	const directory = await mkdtemp(path.join(tmpdir(), 's3-'));
	const server = new S3rver({
		address: '127.0.0.1',
		port: 0,
		silent: true,
		directory,
		vhostBuckets: false,
		configureBuckets: [{ name: bucket }],
	});
	const { port }: AddressInfo = await server.run();
	const url = `http://127.0.0.1:${port}`;
	return {
		credential: {
			endpoint: url,
			region: 'us-east-1',
			accessKeyId: KEY,
			secretAccessKey: KEY,
			forcePathStyle: true,
			ignoreSSLIssues: false,
		},
		async stored(name) {
			const answer = await request(`${url}/${bucket}/${name}`, {
				headers: { connection: 'close' },
			});
			const content = Buffer.from(await answer.body.arrayBuffer());
			if (answer.statusCode !== 200) return undefined;
			return { type: String(answer.headers['content-type']), content };
		},
		async close() {
			await server.close();
			await rm(directory, { recursive: true, force: true });
		},
	};
}
