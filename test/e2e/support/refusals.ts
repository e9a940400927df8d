import type { Parameters } from '../../testbed/workflow';
import { fixture, type MediaFile, mediaFixtures } from '../../testbed/fixtures';
import { media } from '../../testbed/video-node';

/** What the node refuses before anything is sent. */
export interface Refusal {
	readonly what: string;
	/** Files of the form that is sent to the workflow. */
	readonly files?: Readonly<Record<string, MediaFile>>;
	readonly parameters?: Parameters;
	/** Part of the error's title. */
	readonly sentence: string;
	/** Part of its description. */
	readonly next: string;
}

const { image, left_audio, right_audio } = mediaFixtures();

const named = (name: string, type: string, content: string): MediaFile => {
	return { name, type, content: Buffer.from(content) };
};
const leftUrl = (value: string): Parameters => ({ leftAudio: media('url', value) });

export const REFUSALS: readonly Refusal[] = [
	{
		what: 'a field that the item does not have, naming those that it has',
		files: { picture: image, left_audio, right_audio },
		sentence: 'Image: the item has no binary field "image"',
		next: '"picture" (pair.png, image/png, 17.7 kB)',
	},
	{
		what: 'an empty file',
		files: { image, left_audio: named('left.wav', 'audio/wav', ''), right_audio },
		sentence: 'Left Audio: the file "left.wav" is empty',
		next: 'Look at the node that made it',
	},
	{
		what: 'a web page that poses as a voice',
		files: {
			...{ image, left_audio },
			right_audio: named('right.mp3', 'audio/mpeg', '<!DOCTYPE html><title>Log in</title>'),
		},
		sentence: 'Right Audio: the file "right.mp3" is',
		next: 'A link that needs a login gives its login page instead of the file',
	},
	{
		what: 'a voice where the picture belongs',
		files: { image: fixture('left-tone.wav'), left_audio, right_audio },
		sentence: 'Image: the file "left-tone.wav" is',
		next: 'Use JPG, PNG, WebP',
	},
	{
		what: 'a data: URL',
		parameters: leftUrl('data:audio/wav;base64,UklGRg=='),
		sentence: 'Left Audio: a data: URL cannot be sent to WaveSpeed',
		next: 'switch Left Audio to File',
	},
	{
		what: 'a path on a disk',
		parameters: leftUrl('file:///home/node/left.wav'),
		sentence: 'is a place on a disk, which WaveSpeed cannot reach',
		next: 'Read/Write Files from Disk',
	},
	{
		what: 'an expression that is text',
		parameters: leftUrl('{{ $json.url }}'),
		sentence: 'Left Audio: "{{ $json.url }}" is an expression without a result',
		next: 'the field is in Expression mode',
	},
	{
		what: 'an expression without a result',
		parameters: leftUrl('={{ $json.nothing }}'),
		sentence: 'Left Audio: the URL is empty',
		next: 'Enter the web address of the file',
	},
	{
		what: 'a seed that is too large',
		parameters: { options: { seed: '={{ 2147483648 }}' } },
		sentence: 'Seed: 2147483648 is not a whole number from -1 to 2147483647',
		next: 'Use -1 for a different result each time',
	},
	{
		what: 'an order that nobody knows',
		parameters: { order: '={{ "both" }}' },
		sentence: 'Speaking Order: "both" is not known',
		next: 'left_right (left first)',
	},
	{
		what: 'an address that WaveSpeed could not call back',
		parameters: { operation: 'submit', options: { callbackUrl: 'n8n.local/webhook' } },
		sentence: 'Callback URL: "n8n.local/webhook" is not a web address',
		next: 'starts with https://',
	},
];
