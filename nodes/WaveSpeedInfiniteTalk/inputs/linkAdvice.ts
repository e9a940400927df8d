/** What helps when an address gave no file: the node that fetches it, and when its signature ended. */
import { shorten } from '../shared/characters';
import { isAt } from './directUrl';

/** Nodes that log in where an address asks for a login: domains, and what the node is called. */
const NODES: ReadonlyArray<readonly [node: string, ...domains: string[]]> = [
	['Google Drive', 'drive.google.com', 'docs.google.com', 'drive.usercontent.google.com'],
	['Google Drive', 'www.googleapis.com'],
	['Dropbox', 'dropbox.com', 'dropboxusercontent.com'],
	['Microsoft OneDrive', '1drv.ms', 'onedrive.live.com', 'sharepoint.com'],
	['Slack', 'slack.com'],
	['Telegram', 'api.telegram.org', 't.me'],
	['WhatsApp Business Cloud', 'lookaside.fbsbx.com', 'graph.facebook.com', 'whatsapp.net'],
	['GitHub', 'github.com', 'raw.githubusercontent.com'],
];

/**
 * How to get the file otherwise, as a sentence.
 *
 * @param url what the user gave
 */
export function otherWay(url: URL): string {
	if (/\/rest\/binary-data$/.test(url.pathname)) {
		return "This is n8n's own View button: switch the field to File and drag the file into it.";
	}
	const [node = 'HTTP Request'] = NODES.find(([, ...domains]) => isAt(url, ...domains)) ?? [];
	return `Fetch the file with the ${node} node and switch the field to File.`;
}

/** When the address stops working by its own signature, in milliseconds since 1970; undefined without one. */
export function signatureEnd(url: URL): number | undefined {
	const query = new Map([...url.searchParams].map(([key, value]) => [key.toLowerCase(), value]));
	const seconds = (key: string) => Number(query.get(key) ?? Number.NaN);
	// Amazon S3 and what speaks its language; Google Cloud Storage.
	for (const vendor of ['x-amz', 'x-goog']) {
		const start = compactDate(query.get(`${vendor}-date`) ?? '');
		const end = start + seconds(`${vendor}-expires`) * 1000;
		if (Number.isFinite(end)) return end;
	}
	const ends = [
		// CloudFront, and older signatures of S3 and Google.
		query.has('signature') ? seconds('expires') * 1000 : Number.NaN,
		// Azure.
		query.has('sig') ? Date.parse(query.get('se') ?? '') : Number.NaN,
		isAt(url, 'discordapp.com', 'discordapp.net')
			? Number.parseInt(query.get('ex') ?? '', 16) * 1000
			: Number.NaN,
	];
	return ends.find((end) => Number.isFinite(end));
}

/** @param text such as 20250131T235959Z */
function compactDate(text: string): number {
	return Date.parse(
		text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
	);
}

/**
 * An address as messages show it: without what may be a secret in the middle of its path (the token of a
 * Telegram bot) or in its query.
 */
export function showAddress(address: string): string {
	const { origin, pathname } = new URL(address);
	const parts = pathname.split('/').filter(Boolean);
	const last = parts.at(-1) ?? '';
	return `"${shorten(parts.length > 1 ? `${origin}/…/${last}` : `${origin}/${last}`)}"`;
}
