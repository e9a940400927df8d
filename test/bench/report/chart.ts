import type { Contender, Group } from '../support/measure';

const WIDTH = 760;
const LABEL = 190;
const BAR = 16;
const GAP = 6;
const LONGEST = WIDTH - LABEL - 130;

const COLOURS: Record<Contender, string> = { node: '#2f7d6d', recipe: '#c77d2e', floor: '#8a8f98' };
const NAMES: Record<Contender, string> = {
	...{ node: 'this node', recipe: 'HTTP Request recipe', floor: 'bare undici script' },
};

/** Groups of horizontal bars, each group in its own scale. Readable on light and dark pages. */
export function chart(groups: readonly Group[]): string {
	const parts: string[] = [];
	let y = 12;
	for (const { title, bars } of groups) {
		parts.push(text(0, y + 12, title, 'font-weight="600"'));
		y += 22;
		const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
		for (const { contender, value, text: label } of bars) {
			const length = Math.max(2, (value / most) * LONGEST);
			parts.push(
				text(LABEL - 8, y + 12, NAMES[contender], 'text-anchor="end"'),
				`<rect x="${LABEL}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="2" fill="${COLOURS[contender]}"/>`,
				text(LABEL + length + 8, y + 12, label),
			);
			y += BAR + GAP;
		}
		y += 14;
	}
	const style = 'font-family="system-ui, sans-serif" font-size="13" fill="#57606a"';
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" ${style} role="img">`,
		'<title>Bench: shorter bars are better</title>',
		...parts,
		'</svg>\n',
	].join('\n');
}

function text(x: number, y: number, words: string, more = ''): string {
	const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
	return `<text x="${x.toFixed(1)}" y="${y}"${more && ` ${more}`}>${escaped}</text>`;
}
