/** Share links of well-known services, in the form that gives the file instead of a page about it. */
import { parseUrl } from '../api/urls';

type Rule = (url: URL) => string | undefined;

/**
 * The address of the file itself where the link is a share link of Google Drive, Dropbox, OneDrive,
 * SharePoint or GitHub; any other address as it is. Asked at each redirect: short links lead to share links.
 *
 * @param address of a redirect, it may be no address at all
 */
export function directUrl(address: string): string {
	const url = parseUrl(address);
	if (!url) return address;
	for (const rule of RULES) {
		const direct = rule(url);
		if (direct !== undefined) return direct;
	}
	return address;
}

/** True when the host is the domain, or below it. */
export function isAt({ hostname }: URL, ...domains: string[]): boolean {
	return domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}

function googleDrive(url: URL): string | undefined {
	if (!isAt(url, 'drive.google.com', 'docs.google.com')) return undefined;
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

function dropbox(url: URL): string | undefined {
	if (!isAt(url, 'dropbox.com') || !/^\/(s|scl\/fi)\//.test(url.pathname)) return undefined;
	return withQuery(url, { dl: '1' });
}

function oneDrive(url: URL): string | undefined {
	const isShare = /^\/:\w:\//.test(url.pathname);
	if (isShare && isAt(url, 'sharepoint.com', 'onedrive.live.com', '1drv.ms')) {
		return withQuery(url, { download: '1' });
	}
	if (!isAt(url, 'onedrive.live.com') || !/^\/(redir|embed)$/.test(url.pathname)) return undefined;
	const download = new URL(url);
	download.pathname = '/download';
	return download.href;
}

function gitHub(url: URL): string | undefined {
	if (url.hostname !== 'github.com') return undefined;
	const blob = /^\/([^/]+\/[^/]+)\/blob\/(.+)$/.exec(url.pathname);
	return blob ? `https://raw.githubusercontent.com/${blob[1]}/${blob[2]}` : undefined;
}

function withQuery(url: URL, query: Record<string, string>): string {
	const changed = new URL(url);
	for (const [key, value] of Object.entries(query)) changed.searchParams.set(key, value);
	return changed.href;
}

const RULES: readonly Rule[] = [googleDrive, dropbox, oneDrive, gitHub];
