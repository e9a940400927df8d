/** Texts of strangers, a megabyte long, in all that looks at texts: the time grows with the length only. */
import { describe, expect, it } from '@jest/globals';
import { toSentence } from '../../../nodes/WaveSpeedInfiniteTalk/api/sentence';
import { normalizeBaseUrl } from '../../../nodes/WaveSpeedInfiniteTalk/api/urls';
import { detectFieldText } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/fieldText';
import { uploadName } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/fileName';
import { decodeInline } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/inlineContent';
import { checkPromptText } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/promptText';
import { checkPublicUrl } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/publicUrl';
import { toNumber, toSwitch } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/values';
import { normalizeFieldName } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/findFile';
import { nodesNamedIn, property } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/mediaExpression';
import { detectEncoded, detectText } from '../../../nodes/WaveSpeedInfiniteTalk/probe/text';
import { shorten } from '../../../nodes/WaveSpeedInfiniteTalk/shared/characters';
import { redact, toCleanError } from '../../../nodes/WaveSpeedInfiniteTalk/shared/redact';

const LENGTH = 1_000_000;
/** What looks at a text a few times needs less than so many walks through it; what is square, a million. */
const MAX_WALKS = 2_000;

const RULE = { what: 'a number', accepts: () => true, advice: '' };
const READERS: Record<string, (text: string) => unknown> = {
	shorten,
	toSentence,
	// A key of which each character may be escaped; what is square would not end on more.
	redact: (text) => redact('wsk/secret+0123=xyz', text.slice(0, 100_000)),
	toCleanError: (text) => toCleanError(new Error(text)),
	normalizeBaseUrl: (text) => normalizeBaseUrl(`https://api.example/${text}`),
	detectFieldText,
	detectEncoded,
	detectText: (text) => detectText(Buffer.from(text.slice(0, 4096))),
	uploadName: (text) => uploadName(text, 'audio/mpeg', 'voice'),
	decodeInline: (text) => [...(decodeInline(text) as () => Iterable<Buffer>)()],
	checkPromptText,
	checkPublicUrl: (text) => checkPublicUrl(text, 'Image'),
	'checkPublicUrl of 300 items': (text) => {
		for (let item = 0; item < 300; item++) checkPublicUrl(`|${text.slice(0, 8190)}|`, 'Image');
	},
	'checkPublicUrl behind a host': (text) => checkPublicUrl(`https://a.example/${text}`, 'Image'),
	toSwitch: (text) => toSwitch('Switch', text),
	toNumber: (text) => toNumber('Seed', text, RULE),
	normalizeFieldName,
	nodesNamedIn,
	property,
};

const PARTS = {
	dots: '.',
	blanks: ' ',
	'line breaks': '\r\n',
	slashes: '/',
	'question marks': '?',
	digits: '1',
	letters: 'a',
	quotes: '"',
	addresses: 'http://',
	tokens: 'Bearer ',
	'comments of HTML': '<!-- ',
	'titles of HTML': '<title>',
	expressions: "$('",
	braces: '{{ ',
	objects: '[object ',
	underscores: '_-',
	backslashes: '\\',
	'almost-keys': 'wsk/secret+0123=xy',
};

function milliseconds(work: () => unknown): number {
	const start = process.hrtime.bigint();
	try {
		work();
	} catch {
		// To refuse the text is as good.
	}
	return Number(process.hrtime.bigint() - start) / 1e6;
}

function walk(text: string): number {
	let sum = 0;
	for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at);
	return sum;
}

/** Compared with a walk of the same moment: the machine may be busy. */
function isLinear(read: (text: string) => unknown, text: string): boolean {
	const walked = Math.max(
		milliseconds(() => walk(text)),
		1,
	);
	return milliseconds(() => read(text)) < walked * MAX_WALKS;
}

describe.each(Object.entries(PARTS))('a text of %s', (_name, part) => {
	const text = part.repeat(LENGTH / part.length);

	it.each(Object.entries(READERS))('keeps %s busy for a moment only', (_reader, read) => {
		for (const whole of [`${text}|`, `a${text}`, `|${text}\n|`]) {
			// The second look tells a slow reader from a machine that stood still.
			expect(isLinear(read, whole) || isLinear(read, whole)).toBe(true);
		}
	});
});
