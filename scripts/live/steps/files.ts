/** Tickets and uploads. Free. */
import type { SubmitBody } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import { ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { MAX_FILE_BYTES } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/checkFile';
import { toResult } from '../../../nodes/WaveSpeedInfiniteTalk/shared/result';
import { clips } from '../clips';
import { Different, need } from '../findings';
import type { Session } from '../session';

export type MediaUrls = Pick<SubmitBody, 'image' | 'left_audio' | 'right_audio'>;

const MINUTE_MS = 60_000;
/** What a client sets by itself, so that a ticket cannot ask for it. */
const OWN_HEADERS = /^(authorization|host|content-length|connection|transfer-encoding)$/i;

/** The ticket as it came; only what the checks read. */
interface RawTicket {
	upload?: { headers?: Record<string, unknown>; expires_at?: unknown };
}

/**
 * @returns addresses of the three files, and that of a file that was announced and never sent; each
 * undefined where there is none
 */
export async function checkFiles(
	session: Session,
): Promise<{ media: MediaUrls | undefined; missingFile: string | undefined }> {
	const { findings, http, uploads } = session;
	const files = await clips();
	const media = await findings.check('upload', async () => {
		const urls = await uploads.mediaUrls({ media: files });
		if (http.of('oneStep').length > 0) throw new Different('only the upload in one step works');
		return ['3 files', urls];
	});
	const ticketExchange = http.of('ticket').find(({ status }) => status === 200);
	const ticket = (ticketExchange?.answer as { data?: RawTicket } | undefined)?.data;
	await findings.check('ticket-headers', async () => {
		const { headers } = need(ticket?.upload, 'there was no ticket');
		const names = Object.keys(headers ?? {});
		const own = names.find((name) => OWN_HEADERS.test(name));
		if (own) throw new Different(`the ticket asks for the header ${own}`);
		const refused = http.of('put').find(({ status }) => status === undefined || status >= 300);
		if (refused) throw new Different(`a PUT was answered with ${refused.status ?? refused.error}`);
		return [names.join(', ') || 'the ticket asks for none', undefined];
	});
	await findings.check('ticket-expiry', async () => {
		const { expires_at: expiry } = need(ticket?.upload, 'there was no ticket');
		const now = Date.parse(ticketExchange?.headers.date ?? '') || session.clock.now();
		const left = Date.parse(String(expiry)) - now;
		if (left >= MINUTE_MS) return [`${Math.round(left / MINUTE_MS)} minutes`, undefined];
		throw new Different(`it expires at ${String(expiry)}`);
	});
	const missingFile = await findings.check('upload-limit', async () => await checkLimit(session));
	return { media, missingFile };
}

/** By the announced size only: nothing is sent. */
async function checkLimit({ client }: Session): Promise<readonly [string, string]> {
	const file = { name: 'live-announced.png', type: 'image/png' };
	const largest = await client.uploadTicket({ ...file, size: MAX_FILE_BYTES });
	const larger = await toResult(client.uploadTicket({ ...file, size: MAX_FILE_BYTES + 1 }));
	if ('value' in larger) throw new Different('a ticket was given for 200 MiB and one byte');
	if (!(larger.error instanceof ApiError)) throw larger.error;
	const { kind, details } = larger.error;
	if (kind === 'tooLarge' || kind === 'invalid') {
		return [`one byte more is refused with HTTP ${details.status}`, largest.downloadUrl];
	}
	throw larger.error;
}
