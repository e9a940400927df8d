/** Recognizes links to pages that show a file instead of being one. */
import { PLAYER_PAGES, SHARE_PAGES } from './pageHosts';

export interface PageLink {
	/** Whose page it is. */
	service: string;
	/** The address of the file itself, where there is one. */
	direct?: string;
	/** How else to get the file. */
	advice?: string;
}

type Rule = (url: URL) => PageLink | undefined;

/** The link to a page, or undefined when nothing tells that it is one. */
export function findPageLink(url: URL): PageLink | undefined {
	for (const rule of RULES) {
		const found = rule(url);
		if (found) return found;
	}
	return undefined;
}

function isAt(url: URL, ...domains: string[]): boolean {
	const host = url.hostname.replace(/\.$/, '');
	return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** The same address with another path or query. */
function change(url: URL, path: string, query: Record<string, string> = {}): string {
	const changed = new URL(url);
	changed.pathname = path;
	for (const [key, value] of Object.entries(query)) changed.searchParams.set(key, value);
	return changed.href;
}

function googleDrive(url: URL): PageLink | undefined {
	if (!isAt(url, 'drive.google.com', 'docs.google.com')) return undefined;
	const service = 'Google Drive';
	const advice = 'Fetch the file with the Google Drive node';
	const path = url.pathname.replace(/\/u\/\d+\//, '/');
	if (/^\/(a\/[^/]+\/)?(document|spreadsheets|presentation|forms|drawings)\//.test(path)) {
		return { service: 'Google Docs', advice };
	}
	const id = /\/file\/d\/([\w-]+)/.exec(path)?.[1] ?? url.searchParams.get('id');
	const isDownload = /^\/uc$/.test(path) && url.searchParams.get('export') === 'download';
	if (isDownload && id) return undefined;
	if (!id || /\/folders?\//.test(path)) return { service, advice };
	const key = url.searchParams.get('resourcekey');
	const direct = `https://drive.google.com/uc?export=download&id=${id}`;
	return { service, advice, direct: key ? `${direct}&resourcekey=${key}` : direct };
}

function dropbox(url: URL): PageLink | undefined {
	if (!isAt(url, 'dropbox.com', 'db.tt')) return undefined;
	const { pathname, searchParams } = url;
	const service = 'Dropbox';
	const advice = 'Fetch the file with the Dropbox node';
	const isFolder = /^\/(sh|scl\/fo)\//.test(pathname);
	if (!/^\/(s|scl\/fi)\//.test(pathname) || isFolder) return { service, advice };
	if (searchParams.get('dl') === '1' || searchParams.get('raw') === '1') return undefined;
	return { service, advice, direct: change(url, pathname, { dl: '1' }) };
}

function microsoft(url: URL): PageLink | undefined {
	const service = 'OneDrive';
	const advice = 'Fetch the file with the Microsoft OneDrive node';
	if (isAt(url, '1drv.ms', '1drv.com') && !isAt(url, 'files.1drv.com')) return { service, advice };
	if (isAt(url, 'onedrive.live.com')) {
		return url.pathname.startsWith('/download') ? undefined : { service, advice };
	}
	if (!isAt(url, 'sharepoint.com')) return undefined;
	const isShare = /^\/:\w:\//.test(url.pathname);
	const isPage = /\/_layouts\/15\/(onedrive|stream|doc|wopiframe)|\/Forms\/\w+\.aspx/i.test(
		url.pathname,
	);
	if (isShare && url.searchParams.get('download') === '1') return undefined;
	if (isShare) {
		return { service: 'SharePoint', advice, direct: change(url, url.pathname, { download: '1' }) };
	}
	return isPage ? { service: 'SharePoint', advice } : undefined;
}

function code(url: URL): PageLink | undefined {
	const { pathname, searchParams } = url;
	if (isAt(url, 'github.com') && !isAt(url, 'gist.github.com')) {
		const isRaw = searchParams.has('raw') && searchParams.get('raw') !== 'false';
		const blob = /^\/([^/]+\/[^/]+)\/blob\/(.+)$/.exec(pathname);
		if (blob && !isRaw) {
			return {
				service: 'GitHub',
				direct: `https://raw.githubusercontent.com/${blob[1]}/${blob[2]}`,
			};
		}
		return /^\/[^/]+\/[^/]+(\/tree\/.*)?\/?$/.test(pathname) ? { service: 'GitHub' } : undefined;
	}
	if (isAt(url, 'gist.github.com') && !/\/raw(\/|$)/.test(pathname)) {
		return { service: 'GitHub', direct: change(url, `${pathname.replace(/\/$/, '')}/raw`) };
	}
	if (/\/-\/blob\//.test(pathname)) {
		return { service: 'GitLab', direct: change(url, pathname.replace('/-/blob/', '/-/raw/')) };
	}
	if (isAt(url, 'huggingface.co', 'hf.co') && pathname.includes('/blob/')) {
		const direct = change(url, pathname.replace('/blob/', '/resolve/'));
		return { service: 'Hugging Face', direct };
	}
	if (isAt(url, 'bitbucket.org', 'codeberg.org') && pathname.includes('/src/')) {
		return { service: 'the repository', direct: change(url, pathname.replace('/src/', '/raw/')) };
	}
	return undefined;
}

function tmpfiles(url: URL): PageLink | undefined {
	if (!isAt(url, 'tmpfiles.org') || url.pathname.startsWith('/dl/')) return undefined;
	return /^\/\w+/.test(url.pathname)
		? { service: 'tmpfiles.org', direct: `https://tmpfiles.org/dl${url.pathname}` }
		: { service: 'tmpfiles.org' };
}

function pixeldrain(url: URL): PageLink | undefined {
	const id = isAt(url, 'pixeldrain.com') ? /^\/u\/(\w+)/.exec(url.pathname)?.[1] : undefined;
	return id
		? { service: 'Pixeldrain', direct: `https://pixeldrain.com/api/file/${id}` }
		: undefined;
}

function googleStorage(url: URL): PageLink | undefined {
	if (!isAt(url, 'storage.cloud.google.com')) return undefined;
	const direct = `https://storage.googleapis.com${url.pathname}`;
	return { service: 'Google Cloud Storage', direct };
}

function wiki(url: URL): PageLink | undefined {
	if (!isAt(url, 'wikipedia.org', 'wikimedia.org')) return undefined;
	const name = /^\/wiki\/\w+:(.+\.\w+)$/.exec(url.pathname)?.[1];
	if (!name || url.pathname.startsWith('/wiki/Special:')) return undefined;
	const direct = `https://commons.wikimedia.org/wiki/Special:FilePath/${name}`;
	return { service: 'Wikipedia', direct };
}

/** Addresses of files that are given to a program with a key only. */
function behindKey(url: URL): PageLink | undefined {
	const { pathname, searchParams } = url;
	const isKeyless = !['key', 'access_token', 'token'].some((name) => searchParams.has(name));
	if (isAt(url, 'www.googleapis.com') && pathname.startsWith('/drive/') && isKeyless) {
		return { service: 'Google Drive', advice: 'Fetch the file with the Google Drive node' };
	}
	if (isAt(url, 'lookaside.fbsbx.com', 'mmg.whatsapp.net')) {
		return { service: 'WhatsApp', advice: 'Fetch the file with the WhatsApp node and its token' };
	}
	if (isAt(url, 'files.slack.com') && pathname.startsWith('/files-pri')) {
		return { service: 'Slack', advice: 'Fetch the file with the Slack node' };
	}
	return undefined;
}

function listed(url: URL): PageLink | undefined {
	for (const [service, domains, path] of SHARE_PAGES) {
		if (isAt(url, ...domains) && (path?.test(url.pathname) ?? true)) return { service };
	}
	for (const [service, domains, path] of PLAYER_PAGES) {
		if (!isAt(url, ...domains) || !(path?.test(url.pathname) ?? true)) continue;
		return { service, advice: `Use a file of your own instead of a page of ${service}` };
	}
	return undefined;
}

const RULES: readonly Rule[] = [
	googleDrive,
	dropbox,
	microsoft,
	code,
	tmpfiles,
	pixeldrain,
	googleStorage,
	wiki,
	behindKey,
	listed,
];
