import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { ROOT } from '../../test/testbed/lib/paths';
import { step } from '../../test/testbed/lib/progress';
import { buildStage, type Stage } from './stage';

const FOLDER = path.join(ROOT, 'docs', 'screenshots');

/** Each leaves the editor as the picture shows it; answers the part to show, or the whole page. */
const PICTURES: Readonly<Record<string, (stage: Stage) => Promise<Locator | undefined>>> = {
	async canvas({ editor, openExample }) {
		await openExample();
		await editor.part('zoom-to-fit').click();
		return undefined;
	},
	async panel({ editor, openExample, node }) {
		await openExample();
		await editor.page.setViewportSize({ width: 1360, height: 1300 });
		await editor.openNode(node);
		return editor.part('node-parameters').first();
	},
	async credential({ editor, openExample, node, emulator }) {
		await openExample();
		await editor.openNode(node);
		const dialogue = await editor.newCredential();
		await editor.fillCredential('apiKey', emulator.settings.apiKey);
		return dialogue;
	},
	async result({ editor, openExample, node }) {
		await openExample();
		await editor.openNode(node);
		await editor.runStep();
		const video = await editor.playVideo();
		await video.evaluate(async (element) => {
			await (element as unknown as { play(): Promise<void> }).play();
		});
		return undefined;
	},
	async waiting({ editor, openExample, node, emulator }) {
		await openExample({ waitBy: 'webhook' });
		emulator.scriptJob({ seconds: 'never' });
		await editor.openNode(node);
		await editor.runStep();
		await editor.part('output-panel').getByText('The video is being made').waitFor();
		return undefined;
	},
	async 'error-field'(stage) {
		const picture = { __rl: true, mode: 'binary', value: 'picture' };
		return await failWith(stage, { image: picture });
	},
	async 'error-swapped'(stage) {
		const voice = { __rl: true, mode: 'binary', value: 'left_audio' };
		return await failWith(stage, { image: voice });
	},
	async 'error-link'(stage) {
		const value = 'https://drive.google.com/file/d/1/view';
		stage.emulator.setOptions({ readInputs: false });
		const end = { status: 'failed', code: 1402, error: 'left_audio: the URL could not be read' };
		return await failWith(stage, { leftAudio: { __rl: true, mode: 'url', value } }, () =>
			stage.emulator.scriptJob({ end }),
		);
	},
	async 'error-key'(stage) {
		return await failWith(stage, {}, () => undefined, 'wsk_mistyped');
	},
};

const KNOWN = Object.keys(PICTURES);

/**
 * Makes every picture, or those of some names, each from a fresh workflow. Answers their files.
 *
 * @throws Error when a name is not known
 */
export async function takePictures(names: readonly string[]): Promise<string[]> {
	const unknown = names.filter((name) => !(name in PICTURES));
	if (unknown.length > 0) {
		throw new Error(`No picture "${unknown.join('", "')}"; there are: ${KNOWN.join(', ')}.`);
	}
	await mkdir(FOLDER, { recursive: true });
	const stage = await buildStage();
	const files: string[] = [];
	try {
		for (const [name, arrange] of Object.entries(PICTURES)) {
			if (names.length > 0 && !names.includes(name)) continue;
			const file = path.join(FOLDER, `${name}.png`);
			await step(`Picture ${name}`, async () => {
				await stage.editor.page.setViewportSize({ width: 1360, height: 860 });
				const part = await arrange(stage);
				await quiet(stage);
				await (part ?? stage.editor.page).screenshot({ path: file });
			});
			files.push(path.relative(ROOT, file));
		}
	} finally {
		await stage.close();
	}
	return files;
}

async function failWith(
	{ editor, openExample, node }: Stage,
	parameters: Record<string, unknown>,
	before: () => void = () => undefined,
	apiKey?: string,
): Promise<Locator> {
	await openExample(parameters, apiKey);
	before();
	await editor.openNode(node);
	await editor.runStep();
	await editor.failure();
	return editor.part('output-panel').locator('.node-error-view__header');
}

/** Takes away n8n's passing messages, which would hide a part of the picture. */
async function quiet({ editor }: Stage): Promise<void> {
	await editor.page.addStyleTag({ content: '.el-notification { display: none !important; }' });
	await editor.page.mouse.move(0, 0);
	await editor.page.evaluate('document.fonts.ready.then(() => undefined)');
}
