/** Checks the prompt before it is paid for. */
import type { Problem } from '../shared/problem';
import { shorten } from '../shared/characters';
import { isUnrendered } from './fieldText';
import { describeValue } from './inlineContent';

/** Length in characters above which a prompt is hinted at: the model follows short ones best. */
export const LONG_PROMPT_CHARACTERS = 1500;

const PREVIEW =
	'If the field is set to Fixed, click Expression above it. Then check that the preview below it shows the text.';

/** The trimmed prompt, with a note where it is very long or JSON (both are sent as they are), or the reason why it is refused. */
export function checkPromptText(value: unknown): { prompt: string; note?: string } | Problem {
	if (value === undefined || value === null) return { prompt: '' };
	if (typeof value !== 'string') {
		return {
			message: `the expression returns ${describeValue(value)}, not text`,
			advice: 'Choose one text field, such as {{ $json.prompt }}.',
		};
	}
	const prompt = value.trim();
	if (isUnrendered(prompt)) {
		return { message: `"${shorten(prompt)}" is an expression without a result`, advice: PREVIEW };
	}
	if (/^(\{\s*"|\[\s*[{"])/.test(prompt))
		return { prompt, note: 'it is JSON text. Choose one text field.' };
	if (prompt.length <= LONG_PROMPT_CHARACTERS) return { prompt };
	const length = prompt.length.toLocaleString('en-US');
	return { prompt, note: `it has ${length} characters. A short English sentence works best.` };
}
