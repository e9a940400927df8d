/** Files of the kinds that people reported, as they come into the fields. */
import { describe, expect, it } from '@jest/globals';
import { jobErrorOf } from '../support/failures';
import { check, createFile, createRequest } from '../support/job';
import { inputFixture } from '../support/media';

type Field = 'image' | 'leftAudio';
type Row = [fixture: string, declaredType: string, name: string, field: Field];

describe('a file that is taken', () => {
	it.each<[...Row, type: string, sent: string]>([
		['mp42_sound_fast.m4a', 'video/mp4', 'rec.m4a', 'leftAudio', 'audio/mp4', 'rec.m4a'],
		['safari_frag_sound.mp4', 'video/mp4', 'voice.mp4', 'leftAudio', 'audio/mp4', 'voice.m4a'],
		['zeros10.mp3', 'application/octet-stream', 'speech', 'leftAudio', 'audio/mpeg', 'speech.mp3'],
	])('%s as %s, %s', async (fixture, declaredType, name, field, type, sent) => {
		const file = createFile(inputFixture(fixture), { name, declaredType });
		const { media } = await check(createRequest({ [field]: { file } }));
		expect(media[field]).toMatchObject({ type, file: { name: sent } });
		expect(file.opened).toBe(1);
	});
});

describe('a file that is refused', () => {
	it.each<[...Row, cause: string, step: RegExp]>([
		['video_silent.mp4', '', 'a.m4a', 'leftAudio', 'is an MP4 video without sound', /MP3, WAV/],
		['chrome_avc1_opus.webm', 'video/webm', 'a.webm', 'leftAudio', 'is a WebM video', /FFmpeg/],
		['gemini_as.wav', 'audio/wav', 'speech.wav', 'leftAudio', 'is raw PCM without a header', /WAV/],
		['ff.bin', 'application/octet-stream', 'a', 'leftAudio', 'contains only the byte ff', /PCM/],
		[
			'whatsapp.enc',
			'audio/ogg; codecs=opus',
			'ptt.ogg',
			'leftAudio',
			'is not a sound file in a supported',
			/MP3/,
		],
		['datauri_garbage.png', 'image/png', 'a.png', 'image', 'a whole data: URL', /only the part/],
		[
			'utf8_mangled.png',
			'image/png',
			'a.png',
			'image',
			'was read as text by an earlier node',
			/File/,
		],
		['leading_newline.jpg', 'image/jpeg', 'a.jpg', 'image', 'a stray byte before a JPEG', /./],
		['photo.jp2', 'image/jp2', 'a.jp2', 'image', 'is a JPEG 2000 picture, which WaveSpeed', /JPG/],
		['icon.ico', 'image/x-icon', 'a.ico', 'image', 'is an ICO icon, which WaveSpeed', /JPG/],
		[
			'burst_hevc.heic',
			'image/heic',
			'a.heic',
			'image',
			'is a HEIC picture, which WaveSpeed',
			/JPG/,
		],
		['burst_hevc.heic', 'audio/mp4', 'a.m4a', 'leftAudio', 'is a HEIC picture, not a sound', /MP3/],
		['comment.html.bin', 'audio/mpeg', 'voice.mp3', 'leftAudio', 'is a web page (HTML)', /login/],
	])('%s as %s, %s, in %s', async (fixture, declaredType, name, field, cause, step) => {
		const file = createFile(inputFixture(fixture), { name, declaredType });
		const refusal = await jobErrorOf(check(createRequest({ [field]: { file } })));
		expect(refusal.message).toContain(cause);
		expect(refusal.message).toContain(`the file "${name}"`);
		expect(refusal.message.length).toBeLessThan(200);
		expect(refusal.advice).toMatch(step);
	});
});
