/** Recognizes texts that stand where a file's name, an address or another text was meant. */
import { hasControlCharacters } from '../shared/characters';
import { DATA_ADVICE, detectEncoded } from '../probe/text';
import { findFormat } from '../probe/signatures';

/** Characters of a text that are examined at most. */
const SAMPLE_CHARACTERS = 4096;
/** How a Code node gives n8n a file. */
export const BUFFER_ADVICE =
	"In the Code node, return await this.helpers.prepareBinaryData(buffer, 'name.mp3').";

/** A text that is a file's content or something else than a name, and what to do about it. */
export interface FieldText {
	/** What it is, with its article. */
	label: string;
	advice: string;
}

/** An expression that was not evaluated, or that gave nothing or an object. */
const UNRENDERED =
	/\{\{|\}\}|^=?\$(json|node|input|binary|item|vars|env|fromAI|\()|^(undefined|null|NaN)$|\[object \w+\]/;

const KINDS: ReadonlyArray<readonly [pattern: RegExp, label: string, advice: string]> = [
	[
		/^=?\{\{[^]*\}\}/,
		'an expression as plain text',
		'The field is set to Fixed: click Expression above the field.',
	],
	[
		UNRENDERED,
		'an expression without a result',
		'Check the preview below the field: the expression must return a file or its name.',
	],
	[/^["']?data:[^,]*,/i, 'a data: URL', DATA_ADVICE],
	[/^\{\s*"type"\s*:\s*"Buffer"/, 'a Buffer as JSON', BUFFER_ADVICE],
	[/^[{[]["{[\s]/, 'JSON text', 'Choose one field of it.'],
	[/^<(?!https?:)[a-z!?]/i, 'a web page or XML text', 'Choose the URL or the file in it.'],
];

/** What is needed in place of words that nobody calls a field. */
const IN_PLACE_OF_WORDS = {
	audio: 'The field needs a sound file: use a text-to-speech node first.',
	image: 'The field needs a picture: use a node that makes or fetches one first.',
};

/**
 * What the text is, or undefined when it may be a name or an address.
 *
 * @param wanted a file, and nothing but its name or address can stand for it
 */
export function detectFieldText(text: string, wanted?: 'image' | 'audio'): FieldText | undefined {
	const start = text.slice(0, SAMPLE_CHARACTERS).trim();
	const [, label, advice] = KINDS.find(([pattern]) => pattern.test(start)) ?? [];
	if (label && advice) return { label, advice };
	const encoded = detectEncoded(start);
	if (encoded) return encoded;
	const isBinary = hasControlCharacters(start) || start.includes('\ufffd');
	if (isBinary || findFormat(Buffer.from(start.slice(0, 64), 'latin1'))) {
		return {
			label: "a file's content as text",
			advice: 'In the node that fetches it, set Response Format to File.',
		};
	}
	const words = start.split(/\s+/).length;
	const isSentence = words >= 6 || (words >= 2 && /[.!?…]$/.test(start));
	return wanted && isSentence ? { label: 'text', advice: IN_PLACE_OF_WORDS[wanted] } : undefined;
}

/** True for the text of an expression that was not evaluated, or that gave nothing or an object. */
export function isUnrendered(text: string): boolean {
	return UNRENDERED.test(text.trim());
}
