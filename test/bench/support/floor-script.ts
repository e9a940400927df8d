/**
 * The floor: the requests of one item by a bare undici script, in a process of its own, with the
 * Node.js that runs n8n. Reads the files from disk and writes the video to disk, as n8n does.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Agent, request } from 'undici';
import type { FloorJob } from './floor';

interface Data {
	outputs: string[];
	download_url: string;
	upload: { url: string; headers: Record<string, string> };
}

const dispatcher = new Agent();

async function call(job: FloorJob, url: string, body: object) {
	const answer = await request(`${job.baseUrl}/api/v3/${url}`, {
		method: 'POST',
		dispatcher,
		headers: { authorization: `Bearer ${job.apiKey}`, 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	const text = await answer.body.text();
	if (answer.statusCode !== 200) throw new Error(`${url} answered ${text}`);
	return (JSON.parse(text) as { data: Data }).data;
}

async function upload(job: FloorJob, file: string): Promise<string> {
	const { size } = await stat(file);
	const type = file.endsWith('.png') ? 'image/png' : 'audio/wav';
	const facts = { filename: path.basename(file), size, content_type: type };
	const ticket = await call(job, 'media/uploads', facts);
	const { statusCode, body } = await request(ticket.upload.url, {
		method: 'PUT',
		dispatcher,
		headers: { ...ticket.upload.headers, 'content-length': String(size) },
		body: createReadStream(file),
	});
	await body.dump();
	if (statusCode !== 200) throw new Error(`The storage answered ${statusCode}`);
	return ticket.download_url;
}

async function run(job: FloorJob): Promise<number> {
	const began = performance.now();
	const [image, left, right] = await Promise.all(
		[job.picture, job.left, job.right].map(async (file) => await upload(job, file)),
	);
	const { outputs } = await call(job, 'wavespeed-ai/infinitetalk-fast/multi', {
		...{ image, left_audio: left, right_audio: right, order: 'meanwhile', seed: -1 },
	});
	const video = await request(outputs[0]!, { dispatcher });
	await pipeline(video.body, createWriteStream(job.output));
	return performance.now() - began;
}

process.on('message', (job: FloorJob) => {
	run(job).then(
		(ms) => process.send?.({ ms }),
		(error: Error) => process.send?.({ error: error.message }),
	);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
