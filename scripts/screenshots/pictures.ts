import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { readExample } from '../../test/testbed/example';
import { ROOT } from '../../test/testbed/lib/paths';
import { step } from '../../test/testbed/lib/progress';
import type { StoredCredential } from '../../test/testbed/n8n';
import { Testbed } from '../../test/testbed/testbed';
import { CREDENTIAL_TYPE, media, NODE_TYPE } from '../../test/testbed/video-node';
import type { Parameters } from '../../test/testbed/workflow';

const FOLDER = path.join(ROOT, 'docs', 'screenshots');
const VIEWPORT = { width: 1360, height: 860 };
/** Of the video, when the player's controls have gone. */
const PLAYED_SECONDS = 4;
/** Not the one that n8n proposes, so that its dialogue proposes that one without a number. */
const CREDENTIAL_NAME = 'My WaveSpeed account';

/** Each leaves the editor as the picture shows it; answers the part to show, or the whole page. */
export const PICTURES: Readonly<Record<string, (testbed: Testbed) => Promise<Locator | void>>> = {
	async canvas(testbed) {
		await openCanvas(testbed, 'files-to-video');
	},
	async conversation(testbed) {
		await openCanvas(testbed, 'script-to-conversation');
	},
	async panel(testbed) {
		const { editor } = testbed;
		await editor.page.setViewportSize({ ...VIEWPORT, height: 1300 });
		await openNode(testbed);
		return editor.part('node-parameters').first();
	},
	async credential(testbed) {
		const { editor, emulator } = testbed;
		await openNode(testbed);
		const dialogue = await editor.newCredential();
		await editor.fillCredential('apiKey', emulator.settings.apiKey);
		return dialogue;
	},
	async result(testbed) {
		const { editor } = testbed;
		await openNode(testbed);
		await editor.runStep();
		await editor.playVideo();
		const video = "document.querySelector('video')";
		await editor.page.evaluate(`${video}.play()`);
		await editor.page.waitForFunction(`${video}.currentTime >= ${PLAYED_SECONDS}`);
	},
	async waiting(testbed) {
		const { editor, emulator } = testbed;
		await openNode(testbed);
		emulator.scriptJob({ seconds: 'never' });
		await editor.runStep();
		await editor.part('output-panel').getByText('The workflow continues automatically').waitFor();
	},
	async 'error-field'(testbed) {
		return await runAndFail(testbed, { image: media('binary', 'picture') });
	},
	async 'error-swapped'(testbed) {
		const image = media('binary', "={{ $('Left voice').item.binary.data }}");
		return await runAndFail(testbed, { image });
	},
	async 'error-link'(testbed) {
		const { faults, origins } = testbed.emulator;
		faults.add({ on: 'web', times: 'always', do: { respond: { status: 403 } } });
		const leftAudio = media('url', `${origins.web}/private/voice.mp3`);
		return await runAndFail(testbed, { leftAudio });
	},
	async 'error-key'(testbed) {
		const data = { ...testbed.service, apiKey: 'wsk_mistyped' };
		const { client } = testbed;
		const wrong = await client.createCredential(CREDENTIAL_TYPE, data, CREDENTIAL_NAME);
		return await runAndFail(testbed, {}, wrong);
	},
};

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
				await testbed.reset();
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

/** Saves an example anew, opens it, and shows all of it. */
async function openCanvas(testbed: Testbed, name: string): Promise<void> {
	await open(testbed, name);
	await testbed.editor.part('zoom-to-fit').click();
}

/** Of our node in an example. */
type Changes = [parameters?: Parameters, credential?: StoredCredential];

/** Opens our node in the first example. */
async function openNode(testbed: Testbed, ...changes: Changes): Promise<void> {
	await testbed.editor.openNode(await open(testbed, 'files-to-video', ...changes));
}

/** @returns the name of our first node in the example */
async function open(testbed: Testbed, name: string, ...changes: Changes): Promise<string> {
	const [parameters = {}, credential = testbed.credential] = changes;
	const example = await readExample(path.join(ROOT, 'examples', `${name}.json`), {
		folder: testbed.files,
		credentials: [credential],
	});
	const ours = example.nodes.find(({ type }) => type === NODE_TYPE);
	if (!ours) throw new Error('The example has no node of ours.');
	Object.assign(ours.parameters, parameters);
	const { id } = await testbed.client.createWorkflow(example);
	await testbed.editor.openWorkflow(id);
	return ours.name;
}

/** Runs our node in the first example; gives what the panel says of its failure. */
async function runAndFail(testbed: Testbed, ...changes: Changes): Promise<Locator> {
	const { editor } = testbed;
	await openNode(testbed, ...changes);
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
