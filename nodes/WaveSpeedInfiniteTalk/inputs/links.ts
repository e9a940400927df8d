/** Links to files: the direct form of share links, and what helps when an address gave no file. */
import { parseUrl } from '../api/urls';
import { shorten } from '../shared/characters';

/** Nodes that log in where an address asks for a login: what the node is called, and its domains. */
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
 * The address of the file itself where the link is a share link of Google Drive, Dropbox, OneDrive,
 * SharePoint or GitHub; any other address as it is. Asked at each redirect: short links lead to share links.
 *
 * @param address of a redirect, it may be no address at all
 */
export function directUrl(address: string): string {
	const url = parseUrl(address);
	if (!url) return address;
	const { pathname } = url;
	if (isAt(url, 'drive.google.com', 'docs.google.com')) return googleDrive(url) ?? address;
	if (isAt(url, 'dropbox.com') && /^\/(s|scl\/fi)\//.test(pathname)) {
		return withQuery(url, { dl: '1' });
	}
	const isShare = /^\/:\w:\//.test(pathname);
	if (isShare && isAt(url, 'sharepoint.com', 'onedrive.live.com', '1drv.ms')) {
		return withQuery(url, { download: '1' });
	}
	if (isAt(url, 'onedrive.live.com') && /^\/(redir|embed)$/.test(pathname)) {
		return Object.assign(url, { pathname: '/download' }).href;
	}
	const blob = /^\/([^/]+\/[^/]+)\/blob\/(.+)$/.exec(pathname);
	return blob && url.hostname === 'github.com'
		? `https://raw.githubusercontent.com/${blob[1]}/${blob[2]}`
		: address;
}

function googleDrive(url: URL): string | undefined {
	const pathname = url.pathname.replace(/\/u\/\d+\//, '/');
	const path = /^\/(?:file\/d\/([\w-]+)|open$|uc$)/.exec(pathname);
	const id = path && (path[1] ?? url.searchParams.get('id'));
	if (!id) return undefined;
	const key = url.searchParams.get('resourcekey');
	return withQuery(new URL('https://drive.usercontent.google.com/download'), {
		id,
		export: 'download',
		// Without it, Drive answers with a page that it cannot scan a large file for viruses.
		confirm: 't',
		...(key && { resourcekey: key }),
	});
}

function withQuery(url: URL, query: Record<string, string>): string {
	for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
	return url.href;
}

/** True when the host is one of the domains, or below it. */
function isAt({ hostname }: URL, ...domains: string[]): boolean {
	return domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}

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
export function signatureEnd({ searchParams }: URL): number | undefined {
	const values = new Map([...searchParams].map(([key, value]) => [key.toLowerCase(), value]));
	const query = (...keys: string[]) => keys.map((key) => values.get(key)).join('');
	const signedAt = query('x-amz-date', 'x-goog-date').replace(
		/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/,
		'$1-$2-$3T$4:$5:',
	);
	const ends = [
		// Amazon S3 and what speaks its language; Google Cloud Storage.
		Date.parse(signedAt) + 1000 * parseFloat(query('x-amz-expires', 'x-goog-expires')),
		// CloudFront, and older signatures of S3 and Google.
		query('signature') && 1000 * parseFloat(query('expires')),
		// Azure.
		query('sig') && Date.parse(query('se')),
		// Discord.
		query('hm') && 1000 * parseInt(query('ex'), 16),
	];
	return ends.find((end): end is number => typeof end === 'number' && Number.isFinite(end));
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
