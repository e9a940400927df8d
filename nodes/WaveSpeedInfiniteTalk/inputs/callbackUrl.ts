/** Checks the address that WaveSpeed is to call when a job has ended. */
import { parseWebUrl } from '../api/urls';
import { shortenValue } from '../shared/characters';
import { isPrivateHost } from '../shared/privateHost';
import type { Problem } from '../shared/problem';
import { isUnrendered } from './fieldText';

const ADVICE = 'Use a URL that starts with https:// and that WaveSpeed can reach';
const REMOVE = `${ADVICE}, or remove the option.`;

/** Addresses that n8n answers only while somebody listens in the editor, and once. */
const TEST_PATH = /\/(webhook|form)-test(\/|$)/;

/** @returns the address as it is sent, and a note about it; undefined when the option is empty */
export function checkCallbackUrl(
	value: unknown,
): { url: string; note?: string } | Problem | undefined {
	if (value === '') return undefined;
	if (value === undefined || value === null)
		return { message: 'the expression returns nothing', advice: REMOVE };
	const given = typeof value === 'string' ? value.trim() : value;
	const text = typeof given === 'string' ? given : '';
	const shown = shortenValue(given);
	const isOne = !isUnrendered(text) && !/\shttps?:/i.test(text);
	const url = isOne ? parseWebUrl(text) : undefined;
	if (!url) return { message: `${shown} is not a valid URL`, advice: REMOVE };
	if (url.username || url.password) {
		return {
			message: `the URL of ${url.host} contains a user name or password`,
			advice: 'Remove it. To recognize real calls, add a long random string to the path.',
		};
	}
	if (isPrivateHost(url.hostname)) {
		return {
			message: `WaveSpeed cannot reach ${url.host}, which is in a private network`,
			advice: `${ADVICE}, such as the public address of your n8n (WEBHOOK_URL).`,
		};
	}
	if (url.protocol !== 'https:') {
		return {
			message: `${shown} does not start with https://`,
			advice: 'WaveSpeed calls only https:// URLs.',
		};
	}
	if (!TEST_PATH.test(url.pathname)) return { url: url.href };
	return {
		url: url.href,
		note: 'Callback URL: this is a test URL, which works only once and only while the editor listens. Use the production URL of the trigger.',
	};
}
