import { describe, expect, it } from '@jest/globals';
import { directUrl } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/links';

const drive = 'https://drive.google.com';
const file = 'https://drive.usercontent.google.com/download?id=1aB-c_d&export=download&confirm=t';

describe('a share link', () => {
	it.each([
		[`${drive}/file/d/1aB-c_d/view?usp=sharing`, file],
		[`${drive}/file/u/1/d/1aB-c_d/edit`, file],
		[`${drive}/open?usp=drive_fs&id=1aB-c_d`, file],
		[`${drive}/uc?export=view&id=1aB-c_d`, file],
		[`${drive}/file/d/1aB-c_d/view?resourcekey=0-x`, `${file}&resourcekey=0-x`],
		['https://www.dropbox.com/s/ab/a.png', 'https://www.dropbox.com/s/ab/a.png?dl=1'],
		[
			'https://www.dropbox.com/scl/fi/ab/a.png?rlkey=x&dl=0',
			'https://www.dropbox.com/scl/fi/ab/a.png?rlkey=x&dl=1',
		],
		[
			'https://acme.sharepoint.com/:i:/g/personal/me/Ab?e=x',
			'https://acme.sharepoint.com/:i:/g/personal/me/Ab?e=x&download=1',
		],
		[
			'https://onedrive.live.com/:u:/g/personal/1/Ab?resid=1',
			'https://onedrive.live.com/:u:/g/personal/1/Ab?resid=1&download=1',
		],
		[
			'https://onedrive.live.com/redir?resid=1!2&authkey=!A',
			'https://onedrive.live.com/download?resid=1!2&authkey=!A',
		],
		[
			'https://github.com/o/r/blob/main/img/a.png',
			'https://raw.githubusercontent.com/o/r/main/img/a.png',
		],
	])('%s becomes %s', (link, direct) => {
		expect(directUrl(link)).toBe(direct);
		// The service may redirect to a link of the same form.
		expect(directUrl(direct)).toBe(direct);
	});
});

it.each([
	`${drive}/thumbnail?id=abc&sz=w1600`,
	'https://docs.google.com/document/d/1aB/edit',
	'https://www.dropbox.com/scl/fo/ab?dl=0',
	'https://dl.dropboxusercontent.com/s/ab/a.png',
	'https://onedrive.live.com/?id=1&cid=2',
	'https://notgithub.com/o/r/blob/main/a.png',
	'https://dropbox.com.example/s/ab/a.png',
	'https://files.example/a.png?x=%20y',
])('%s stays as it is', (address) => {
	expect(directUrl(address)).toBe(address);
});
