/** What a pass leaves behind to be shown to others: the form of the responses, and no secrets. */
import type { Exchange } from './http';
import type { PassResult } from './pass';

/** Fields whose values tell something about the API, and nothing about the account. */
const SHOWN =
	/^(code|message|error|error_code|status|created_at|model|model_id|seed|order|currency|billing_type|discount_rate)$/;

/**
 * The recording as JSON text. Of the responses it has the names of the fields and the types of their values; the
 * values of {@link SHOWN} only, of lists the first entry.
 *
 * @param about when the pass ran, against what, with which version
 * @throws Error when the key would be in it all the same
 */
export function recordingOf(result: PassResult, apiKey: string, about: object): string {
	const { exchanges, ...findings } = result;
	const recording = { ...about, ...findings, exchanges: exchanges.map(shownOf) };
	const text = JSON.stringify(recording, null, '\t');
	if (text.includes(apiKey)) throw new Error('The recording is not saved: the key is in it.');
	return `${text}\n`;
}

function shownOf({ response = null, ...exchange }: Exchange): object {
	const shape = JSON.stringify(response, (name, value: unknown) => {
		if (Array.isArray(value)) return value.slice(0, 1);
		const isShown = value === null || typeof value === 'object' || SHOWN.test(name);
		return isShown ? value : typeof value;
	});
	return { ...exchange, response: JSON.parse(shape) as unknown };
}
