/** Finds the ID of a job in what people paste: the ID itself, or a link to the job. */
import { isPredictionId } from './prediction';
import { parseWebUrl } from './urls';

/** Path segments after which links of the API and of the site name the job. */
const BEFORE_ID = /^(predictions?|history)$/i;
/** Query parameters that may name it. */
const ID_PARAMETER = /^(id|uuid|(prediction|task|job)_?(id|uuid)?)$/i;
/** What may follow in their place: other pages of the site, other calls of the API. */
const NOT_AN_ID = /^(delete|result)$/i;

/**
 * The ID in a text. The host of a link does not count: nothing is sent there.
 *
 * @returns undefined when the text is neither an ID nor a link to a job
 */
export function jobIdFrom(text: string): string | undefined {
	const trimmed = text.trim();
	const url = parseWebUrl(trimmed);
	if (!url) return isPredictionId(trimmed) ? trimmed : undefined;
	return idInPath(url) ?? idInQuery(url);
}

function idInPath({ pathname }: URL): string | undefined {
	const segments = pathname.split('/').filter((segment) => segment !== '');
	const found = segments.find((_segment, index) => BEFORE_ID.test(segments[index - 1] ?? ''));
	if (found === undefined || NOT_AN_ID.test(found)) return undefined;
	return isPredictionId(found) ? found : undefined;
}

function idInQuery({ searchParams, hash }: URL): string | undefined {
	const fromHash = new URLSearchParams(hash.replace(/^#\/?\??/, ''));
	const found = [...searchParams, ...fromHash].find(
		([name, value]) => ID_PARAMETER.test(name) && isPredictionId(value),
	);
	return found?.[1];
}
