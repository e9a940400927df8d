/** What n8n throws when a request got no response, in the node's own terms and without the request. */
import { UNKNOWN_AUTHORITY_CODES, NoResponseError } from '../api/http';
import { KEY_NOT_SENT } from '../api/urls';
import { toCleanError, withoutSecrets } from '../shared/redact';

/** In words, because n8n replaces a message that contains such a code by a sentence of its own. */
const MESSAGES: Record<string, string> = {
	TIMEOUT: 'the request timed out',
	ECONNRESET: 'the connection was lost',
	EPIPE: 'the connection was lost',
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name does not exist',
	EAI_AGAIN: 'the DNS lookup failed',
	EHOSTUNREACH: 'the host cannot be reached',
	ENETUNREACH: 'the network cannot be reached',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

const UNTRUSTED = 'its certificate was issued by an unknown authority';
/** HTTP clients without a proxy's response tell so of a CONNECT that it refused. */
const PROXY_REFUSAL = /\b(tunnel\w*|proxy|CONNECT)\b.*\b[45]\d\d\b/i;

/**
 * The Node.js code sits at different depths. Only what is known to happen before sending counts as not
 * sent: an unknown error may have come after it.
 *
 * @param key the API key, empty where none was sent
 */
export function toNoResponseError(error: unknown, key: string): NoResponseError {
	const chain = causes(error);
	const code = chain.map(codeOf).find((found) => found !== undefined) ?? 'UNKNOWN';
	const deepest = withoutSecrets(key, chain.at(-1)?.message ?? 'no response');
	const refusedLocally =
		code === KEY_NOT_SENT || chain.some((link) => /^Ssrf/.test(link.name) || isUnreachable(link));
	const timedOut =
		['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED'].includes(code) ||
		chain.some(({ name }) => name === 'TimeoutError');
	const kind = timedOut ? 'TIMEOUT' : PROXY_REFUSAL.test(deepest) ? 'PROXY' : code;
	const message = MESSAGES[kind] ?? (UNKNOWN_AUTHORITY_CODES.has(kind) ? UNTRUSTED : deepest);
	return new NoResponseError(kind, message, refusedLocally, {
		cause: toCleanError(error, key),
	});
}

/**
 * True when no connection could be made. Node.js gives the same codes to one that breaks later, after
 * the server has read the request.
 */
function isUnreachable(error: Error): boolean {
	const { syscall, errors } = error as { syscall?: unknown; errors?: unknown };
	if (!['EHOSTUNREACH', 'ENETUNREACH'].includes(codeOf(error) ?? '')) return false;
	// Of several addresses of a host, Node.js throws what went wrong with each.
	return syscall === 'connect' || Array.isArray(errors);
}

function causes(error: unknown): Error[] {
	const chain: Error[] = [];
	for (let next = error; next instanceof Error && chain.length < 5; next = next.cause) {
		chain.push(next);
	}
	return chain;
}

function codeOf(error: Error): string | undefined {
	const { code } = error as { code?: unknown };
	return typeof code === 'string' && code !== '' ? code : undefined;
}
