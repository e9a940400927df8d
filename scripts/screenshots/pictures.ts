import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { ROOT } from '../../test/testbed/lib/paths';
import { step } from '../../test/testbed/lib/progress';
import { Testbed } from '../../test/testbed/testbed';
import { media } from '../../test/testbed/video-node';
import { CREDENTIAL_NAME, openExample, openExampleNode } from './example';

const FOLDER = path.join(ROOT, 'docs', 'screenshots');
const VIEWPORT = { width: 1360, height: 860 };
/** Of the video, when the player's controls have gone. */
const PLAYED_SECONDS = 4;

/** Each leaves the editor as the picture shows it; answers the part to show, or the whole page. */
export const PICTURES: Readonly<
	Record<string, (testbed: Testbed) => Promise<Locator | undefined>>
> = {
	async canvas(testbed) {
		await openExample(testbed);
		await testbed.editor.part('zoom-to-fit').click();
		return undefined;
	},
	async conversation(testbed) {
		await openExample(testbed, {}, undefined, 'script-to-conversation.json');
		await testbed.editor.part('zoom-to-fit').click();
		return undefined;
	},
	async panel(testbed) {
		const { editor } = testbed;
		await editor.page.setViewportSize({ ...VIEWPORT, height: 1300 });
		await openExampleNode(testbed);
		return editor.part('node-parameters').first();
	},
	async credential(testbed) {
		const { editor, emulator } = testbed;
		await openExampleNode(testbed);
		const dialogue = await editor.newCredential();
		await editor.fillCredential('apiKey', emulator.settings.apiKey);
		return dialogue;
	},
	async result(testbed) {
		const { editor } = testbed;
		await openExampleNode(testbed);
		await editor.runStep();
		const video = await editor.playVideo();
		await video.evaluate(async (element, seconds) => {
			const player = element as unknown as Player;
			await player.play();
			await new Promise<void>((resolve) => {
				player.addEventListener('timeupdate', () => {
					if (player.currentTime >= seconds) resolve();
				});
			});
		}, PLAYED_SECONDS);
		return undefined;
	},
	async waiting(testbed) {
		const { editor, emulator } = testbed;
		await openExampleNode(testbed);
		emulator.scriptJob({ seconds: 'never' });
		await editor.runStep();
		await editor.part('output-panel').getByText('The workflow continues automatically').waitFor();
		return undefined;
	},
	async 'error-field'(testbed) {
		await openExampleNode(testbed, { image: media('binary', 'picture') });
		return await runAndFail(testbed);
	},
	async 'error-swapped'(testbed) {
		const image = media('binary', "={{ $('Left voice').item.binary.data }}");
		await openExampleNode(testbed, { image });
		return await runAndFail(testbed);
	},
	async 'error-link'(testbed) {
		const { faults, origins } = testbed.emulator;
		const leftAudio = media('url', `${origins.web}/private/voice.mp3`);
		await openExampleNode(testbed, { leftAudio });
		faults.add({ on: 'web', times: 'always', do: { respond: { status: 403 } } });
		return await runAndFail(testbed);
	},
	async 'error-key'(testbed) {
		await openExampleNode(testbed, {}, 'wsk_mistyped');
		return await runAndFail(testbed);
	},
};

/** What is used here of the browser's video element, whose types are not those of Node.js. */
interface Player {
	currentTime: number;
	play(): Promise<void>;
	addEventListener(event: 'timeupdate', listener: () => void): void;
}

/** Makes the pictures of some names, each from a fresh workflow. Answers their files. */
export async function takePictures(names: readonly string[]): Promise<string[]> {
	await mkdir(FOLDER, { recursive: true });
	const testbed = await Testbed.open({
		emulator: { jobSeconds: 0 },
		credentialName: CREDENTIAL_NAME,
		editor: VIEWPORT,
	});
	const files: string[] = [];
	try {
		for (const name of names) {
			const file = path.join(FOLDER, `${name}.png`);
			await step(`Picture ${name}`, async () => {
				await testbed.editor.page.setViewportSize(VIEWPORT);
				const part = await PICTURES[name]!(testbed);
				await quiet(testbed);
				await (part ?? testbed.editor.page).screenshot({ path: file });
			});
			files.push(path.relative(ROOT, file));
		}
	} finally {
		await testbed.close();
	}
	return files;
}

async function runAndFail({ editor }: Testbed): Promise<Locator> {
	await editor.runStep();
	await editor.failure();
	return editor.part('output-panel').locator('.node-error-view__header');
}

/** Takes away what would hide a part of the picture: n8n's passing messages, its button over expressions. */
async function quiet({ editor }: Testbed): Promise<void> {
	const hidden = '.el-notification, [data-test-id=expander]';
	await editor.page.addStyleTag({ content: `${hidden} { display: none !important; }` });
	await editor.page.mouse.move(0, 0);
	await editor.page.evaluate('document.fonts.ready.then(() => undefined)');
}
