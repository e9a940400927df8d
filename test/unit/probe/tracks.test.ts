/** Containers of sound and video: what is in them decides, wherever their index stands. */
import { describe, expect, it } from '@jest/globals';
import {
	box,
	brand,
	bytes,
	detect,
	element,
	mp4Index,
	mp4Track,
	noise,
	typeOf,
	webm,
	webmTracks,
} from '../support/media';

const sound = mp4Track('soun', 'mp4a');
const picture = mp4Track('vide', 'avc1');
const media = box('mdat', noise(20_000));

describe('MP4', () => {
	it.each([
		['mp42', 'video/mp4'],
		['isom', 'video/mp4'],
		['iso5', 'video/mp4'],
		['3gp4', 'video/3gpp'],
		['dash', 'video/mp4'],
		['qt  ', 'video/quicktime'],
		['M4A ', 'audio/mp4'],
	])('of brand %s is sound when its tracks are, index first or last', (major, declaredType) => {
		const first = Buffer.concat([brand(major), mp4Index(sound), media]);
		expect(typeOf(first, { declaredType })).toBe('audio/mp4');
		const last = Buffer.concat([brand(major), box('free'), media, mp4Index(sound)]);
		expect(typeOf(last, { declaredType })).toBe('audio/mp4');
	});

	it.each([
		['with sound', [picture, sound], 'an MP4 video'],
		['with sound first', [sound, picture], 'an MP4 video'],
		['without sound', [picture], 'an MP4 video without sound'],
		['with neither', [mp4Track('text', 'tx3g')], 'an MP4 file without sound'],
		['with two sounds and HEVC', [sound, sound, mp4Track('vide', 'hvc1')], 'an MP4 video'],
	])('%s is a video, whatever it is called', (_name, tracks, label) => {
		for (const content of [
			Buffer.concat([brand('isom'), mp4Index(...tracks), media]),
			Buffer.concat([brand('M4A '), media, mp4Index(...tracks)]),
		]) {
			const { found } = detect(content, { name: 'a.m4a', declaredType: 'audio/mp4' });
			expect(found).toMatchObject({ family: 'video', label });
		}
	});

	it.each(['jpeg', 'png '])('with a cover (%s) is sound', (codec) => {
		const index = mp4Index(sound, mp4Track('vide', codec));
		expect(typeOf(Buffer.concat([brand('M4B '), index]))).toBe('audio/mp4');
	});

	it('is known by an index that is longer than the first bytes', () => {
		const index = mp4Index(mp4Track('soun', 'mp4a', 50_000), mp4Track('vide', 'avc1', 50_000));
		expect(typeOf(Buffer.concat([brand('isom'), index, media]), { name: 'a.m4a' })).toBe(
			'video/mp4',
		);
	});

	it('of old QuickTime, which has no brand, is known by its tracks', () => {
		expect(typeOf(Buffer.concat([box('wide'), media, mp4Index(picture, sound)]))).toBe(
			'video/quicktime',
		);
	});

	it.each([
		['cut off', Buffer.concat([brand('isom'), media.subarray(0, 9000)])],
		[
			'with a box of no size',
			Buffer.concat([brand('isom'), bytes('\0\0\0\x03free'), mp4Index(sound)]),
		],
		[
			'whose media go on to the end',
			Buffer.concat([brand('isom'), bytes('\0\0\0\0mdat'), noise(99)]),
		],
		['whose index is cut off', Buffer.concat([brand('isom'), mp4Index(sound).subarray(0, 150)])],
	])('%s is what its name says', (_name, content) => {
		expect(typeOf(content, { name: 'a.m4a', declaredType: 'video/mp4' })).toBe('audio/mp4');
		expect(typeOf(content, { name: 'a.mp4', declaredType: 'video/mp4' })).toBe('video/mp4');
	});
});

it.each([
	['MP4', Buffer.concat([brand('isom'), mp4Index(picture, sound), media])],
	['WebM', webm(webmTracks('V_VP8', 'A_OPUS'), element('1f43b675', media))],
])('a video (%s) is not read beyond its tracks', (_name, content) => {
	expect(detect(content).read).toBeLessThan(content.length / 2);
});

describe('WebM', () => {
	it.each([
		['A_OPUS', 'audio/webm'],
		['A_VORBIS A_AAC', 'audio/webm'],
		['A_OPUS V_VP8', 'video/webm'],
		['V_AV1', 'video/webm'],
	])('with %s is %s, whatever is declared', (codecs, type) => {
		const content = webm(webmTracks(...codecs.split(' ')), element('1f43b675', noise(300)));
		for (const declaredType of ['video/webm', 'audio/webm', '']) {
			expect(typeOf(content, { declaredType })).toBe(type);
		}
	});

	it('is known by tracks behind other things', () => {
		const content = webm(element('ec', noise(9000)), webmTracks('A_OPUS'));
		expect(typeOf(content, { declaredType: 'video/webm' })).toBe('audio/webm');
	});

	it('without sound says so', () => {
		const { found } = detect(webm(webmTracks('V_VP8')));
		expect(found).toMatchObject({ label: 'a WebM video without sound' });
	});
});
