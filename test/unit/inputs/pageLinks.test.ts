/** Links to pages, which people take for links to files. */
import { describe, expect, it } from '@jest/globals';
import { findPageLink } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/pageLinks';
import { checkPublicUrl } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/publicUrl';

const drive = 'https://drive.google.com';
const direct = `${drive}/uc?export=download&id=1aB-c_d`;

it.each([
	[`${drive}/file/d/1aB-c_d/view?usp=sharing`, direct],
	[`${drive}/file/d/1aB-c_d/preview`, direct],
	[`${drive}/file/d/1aB-c_d`, direct],
	[`${drive}/file/u/1/d/1aB-c_d/edit`, direct],
	[`${drive}/open?id=1aB-c_d`, direct],
	[`${drive}/open?usp=drive_fs&id=1aB-c_d`, direct],
	[`${drive}/uc?id=1aB-c_d`, direct],
	[`${drive}/uc?export=view&id=1aB-c_d`, direct],
	[`${drive}/file/d/1aB-c_d/view?resourcekey=0-x`, `${direct}&resourcekey=0-x`],
	['https://www.dropbox.com/s/ab/a.png?dl=0', 'https://www.dropbox.com/s/ab/a.png?dl=1'],
	['https://www.dropbox.com/s/ab/a.png', 'https://www.dropbox.com/s/ab/a.png?dl=1'],
	[
		'https://www.dropbox.com/scl/fi/ab/a.png?rlkey=x&dl=0',
		'https://www.dropbox.com/scl/fi/ab/a.png?rlkey=x&dl=1',
	],
	[
		'https://acme.sharepoint.com/:i:/g/personal/me/Ab?e=x',
		'https://acme.sharepoint.com/:i:/g/personal/me/Ab?e=x&download=1',
	],
	['https://tmpfiles.org/123/a.png', 'https://tmpfiles.org/dl/123/a.png'],
	['http://tmpfiles.org/123/a.png', 'https://tmpfiles.org/dl/123/a.png'],
	[
		'https://github.com/o/r/blob/main/img/a.png',
		'https://raw.githubusercontent.com/o/r/main/img/a.png',
	],
	['https://gist.github.com/me/abc', 'https://gist.github.com/me/abc/raw'],
	['https://gitlab.com/o/r/-/blob/main/a.png', 'https://gitlab.com/o/r/-/raw/main/a.png'],
	['https://huggingface.co/o/r/blob/main/a.png', 'https://huggingface.co/o/r/resolve/main/a.png'],
	['https://pixeldrain.com/u/abc', 'https://pixeldrain.com/api/file/abc'],
	['https://storage.cloud.google.com/b/a.png', 'https://storage.googleapis.com/b/a.png'],
	[
		'https://en.wikipedia.org/wiki/File:Two_people.jpg',
		'https://commons.wikimedia.org/wiki/Special:FilePath/Two_people.jpg',
	],
])('%s has the direct form %s', (page, file) => {
	expect(findPageLink(new URL(page))?.direct).toBe(file);
	// What is advised is taken.
	expect(findPageLink(new URL(file))).toBeUndefined();
	expect(checkPublicUrl(page, 'Image')).toMatchObject({
		advice: expect.stringContaining(`Use the direct link: ${file} `),
	});
});

describe('a page without a direct form', () => {
	it.each([
		`${drive}/drive/folders/1aB`,
		`${drive}/drive/u/0/my-drive`,
		'https://docs.google.com/document/d/1aB/edit',
		'https://docs.google.com/presentation/d/1aB/edit',
		'https://www.dropbox.com/scl/fo/ab?dl=1',
		'https://www.dropbox.com/home/a.png',
		'https://1drv.ms/i/s!Ab',
		'https://onedrive.live.com/?id=1&cid=2',
		'https://acme-my.sharepoint.com/personal/me/_layouts/15/onedrive.aspx?id=1',
		'https://photos.app.goo.gl/ab',
		'https://photos.google.com/share/ab',
		'https://www.icloud.com/iclouddrive/ab',
		'https://share.icloud.com/photos/ab',
		'https://www.youtube.com/watch?v=ab',
		'https://youtu.be/ab',
		'https://m.youtube.com/shorts/ab',
		'https://music.youtube.com/watch?v=ab',
		'https://vimeo.com/123',
		'https://open.spotify.com/episode/ab',
		'https://soundcloud.com/me/song',
		'https://www.tiktok.com/@me/video/1',
		'https://www.instagram.com/p/ab/',
		'https://x.com/me/status/1',
		'https://we.tl/t-ab',
		'https://wetransfer.com/downloads/ab',
		'https://mega.nz/file/ab#key',
		'https://www.mediafire.com/file/ab/a.png/file',
		'https://app.box.com/s/ab',
		'https://gofile.io/d/ab',
		'https://imgur.com/a/ab',
		'https://ibb.co/ab',
		'https://github.com/o/r',
		'https://github.com/o/r/tree/main/img',
		'https://www.canva.com/design/ab/view',
		'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1',
		'https://mmg.whatsapp.net/v/t62.7117-24/1.enc',
		'https://files.slack.com/files-pri/T1-F1/a.png',
		'https://www.googleapis.com/drive/v3/files/1aB?alt=media',
	])('%s is refused with another way', (url) => {
		expect(findPageLink(new URL(url))).toBeDefined();
		expect(checkPublicUrl(url, 'Left Audio')).toMatchObject({
			cause: expect.stringMatching(/ is a page of .+, not a file$/),
			advice: expect.stringMatching(/^(Fetch|Use) .+ switch Left Audio to File\.$/),
		});
	});
});

it.each([
	direct,
	'https://drive.usercontent.google.com/download?id=1&export=download',
	'https://lh3.googleusercontent.com/d/1aB',
	'https://www.dropbox.com/s/ab/a.png?raw=1',
	'https://www.dropbox.com/scl/fi/ab/a.png?rlkey=x&dl=1',
	'https://dl.dropboxusercontent.com/s/ab/a.png',
	'https://onedrive.live.com/download?cid=1&resid=2',
	'https://acme.sharepoint.com/:i:/g/personal/me/Ab?download=1',
	'https://tmpfiles.org/dl/123/a.png',
	'https://raw.githubusercontent.com/o/r/main/a.png',
	'https://github.com/o/r/raw/main/a.png',
	'https://github.com/o/r/blob/main/a.png?raw=true',
	'https://github.com/o/r/releases/download/v1/a.png',
	'https://i.imgur.com/ab.png',
	'https://i.ibb.co/ab/a.png',
	'https://cdn.discordapp.com/attachments/1/2/a.png',
	'https://upload.wikimedia.org/wikipedia/commons/a/ab/a.png',
	'https://files.catbox.moe/ab.png',
	'https://download1.mediafire.com/ab/a.png',
	'https://images.unsplash.com/photo-1?w=1',
	'https://images.pexels.com/photos/1/a.jpeg',
	'https://i.redd.it/a.png',
	'https://api.telegram.org/file/bot1:A/photos/a.jpg',
	'https://d1q70pf5vjeyhc.cloudfront.net/media/a.mp3',
	'https://notyoutube.com/a.png',
	'https://netflix.com.example/a.png',
])('%s is a file as far as its text tells', (url) => {
	expect(findPageLink(new URL(url))).toBeUndefined();
});
