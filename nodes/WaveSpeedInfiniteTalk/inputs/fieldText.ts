/** Recognizes texts in a media field that are neither a file's name nor an address. */
import { hasControlCharacters } from '../shared/characters';
import { DATA_HINT, detectEncoded } from '../probe/text';
import { isUnrendered } from './unrendered';
import { findFormat } from '../probe/signatures';

/** Characters of a text that are examined at most. */
const SAMPLE_CHARACTERS = 4096;

/** A text that is a file's content or something else than a name, and what to do about it. */
export interface FieldText {
	/** What it is, with its article. */
	label: string;
	hint: string;
}

/** True for base64 or hexadecimal text, which may begin with "/" or look like a path. */
export function isEncodedFile(text: string): boolean {
	return detectEncoded(text.slice(0, SAMPLE_CHARACTERS)) !== undefined;
}

/**
 * What the text is, or undefined when it may be a name or an address.
 *
 * @param wanted a file, and nothing but its name or address can stand for it
 */
export function detectFieldText(text: string, wanted?: 'image' | 'audio'): FieldText | undefined {
	const start = text.slice(0, SAMPLE_CHARACTERS).trim();
	if (wanted && /^=?\{\{[^]*\}\}/.test(start)) {
		return {
			label: 'an expression as plain text',
			hint: 'The field is set to Fixed: click Expression above the field.',
		};
	}
	if (wanted && isUnrendered(start)) {
		return {
			label: 'an expression without a result',
			hint: 'Look at the preview below the field: the expression must give a file or its name.',
		};
	}
	if (/^["']?data:[^,]*,/i.test(start)) return { label: 'a data: address', hint: DATA_HINT };
	const encoded = detectEncoded(start);
	if (encoded) return encoded;
	if (/^\{\s*"type"\s*:\s*"Buffer"/.test(start)) {
		return { label: 'a Buffer as JSON', hint: BUFFER_HINT };
	}
	if (/^[{[]["{[\s]/.test(start)) {
		return { label: 'a JSON text', hint: 'Choose the one field in it that is meant.' };
	}
	if (/^<(?!https?:)[a-z!?]/i.test(start)) {
		return { label: 'a web page or XML text', hint: 'Choose the address or file in it.' };
	}
	const isContent = hasControlCharacters(start) || start.includes('\ufffd');
	if (isContent || findFormat(Buffer.from(start.slice(0, 64), 'latin1'))) {
		return {
			label: "a file's content as text",
			hint: 'Where it is fetched, set Response Format to File.',
		};
	}
	if (wanted && isSentence(start)) {
		return {
			label: 'a text',
			hint:
				wanted === 'audio'
					? 'The node needs a sound file: let a text-to-speech node speak the text first.'
					: 'The node needs a picture: let another node make or fetch it first.',
		};
	}
	return undefined;
}

/** True for words that nobody calls a field. */
function isSentence(text: string): boolean {
	const words = text.split(/\s+/).length;
	return words >= 6 || (words >= 2 && /[.!?…]$/.test(text));
}

/** How a Code node gives n8n a file. */
export const BUFFER_HINT =
	"In the Code node, give await this.helpers.prepareBinaryData(buffer, 'name.mp3').";
