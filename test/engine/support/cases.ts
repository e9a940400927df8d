/** What many tests run, and what goes wrong in them. */
import type { INode } from 'n8n-workflow';
import type { Emulator, JobScript } from '../../emulator/emulator';
import type { CannedResponse } from '../../emulator/faults';
import { silentWav } from '../../unit/tracks/support/silence';
import { file, mediaFixtures, ownMediaFixtures, pair } from './files';
import type { TestItem } from './nodes';

/** Jobs that have ended when their submission is answered. */
export const READY: JobScript = { seconds: 0, respondWhenEnded: true, times: 'always' };
/** For jobs that end only by the test. */
export const ENDLESS: JobScript = { seconds: 'never', times: 'always' };

/** Of a user who has not added the option Seed: equal inputs share a job. */
export const WITHOUT_SEED = { options: { seed: undefined } };
export const TO_ERROR_OUTPUT = { onError: 'continueErrorOutput' } as const;

/** As a node with Retry On Fail; n8n takes a wait of 0 for one of a second. */
export function retrying(maxTries: number, more: Partial<INode> = {}): Partial<INode> {
	return { retryOnFail: true, maxTries, waitBetweenTries: 1, ...more };
}

/** The service's own form of a refusal. */
export function refused(status: number, message: string): { respond: CannedResponse } {
	return { respond: { status, body: { code: status, message } } };
}

export const UNAUTHORIZED = refused(401, 'Unauthorized');

/** An item for each mark, each with files of its own. */
export function itemsOf(...marks: readonly string[]): TestItem[] {
	return marks.map((mark) => ({ json: { mark }, files: ownMediaFixtures(mark) }));
}

/** An item for each JSON, all with the usual files. */
export function rowsOf(...rows: ReadonlyArray<NonNullable<TestItem['json']>>): TestItem[] {
	return rows.map((json) => ({ json, files: mediaFixtures }));
}

/** An item for each length of its voices in seconds, each with a picture of its own: $0.15 for ten, and for five the least. */
export function pricedItems(...seconds: readonly number[]): TestItem[] {
	return seconds.map((length, index) => {
		const sound = file(`${length}s.wav`, 'audio/wav', silentWav(length));
		const image = { ...pair, content: Buffer.concat([pair.content, Buffer.from(String(index))]) };
		return {
			json: { prompt: `job ${index + 1}` },
			files: { image, left_audio: sound, right_audio: sound },
		};
	});
}

/** SHA-256 of the files that were submitted: the picture, then the voices from left to right. */
export function sentDigests(emulator: Emulator): string[] {
	const body = emulator.requestsTo('submit')[0]?.body as Record<string, string>;
	const urls = [body.image, body.left_audio, body.right_audio, body.audio];
	return urls.flatMap(
		(url) => emulator.uploads().find(({ downloadUrl }) => downloadUrl === url)?.sha256 ?? [],
	);
}
