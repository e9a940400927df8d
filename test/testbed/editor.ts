import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { findChromium } from './lib/chromium';
import { OWNER } from './n8n';

/** The editor is heavy, and the machine may be busy. */
const PATIENCE_MS = 60_000;

const ARGS = [
	...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
	...['--disable-background-networking', '--disable-component-update', '--mute-audio'],
];

export interface EditorOptions {
	readonly width?: number;
	readonly height?: number;
}

/** n8n's editor in a headless Chromium, in the words of its user. */
export class Editor {
	/** All that the editor wrote to the browser's console. */
	readonly console: string[] = [];

	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly url: string,
	) {
		page.on('console', (message) => this.console.push(message.text()));
	}

	/** Opens the editor and logs in as the owner. */
	static async open(url: string, options: EditorOptions = {}): Promise<Editor> {
		const { width = 1440, height = 1000 } = options;
		const executablePath = findChromium();
		if (!executablePath) throw new Error('There is no Chromium on this machine.');
		const browser = await chromium.launch({ executablePath, args: ARGS, timeout: PATIENCE_MS });
		try {
			const page = await browser.newPage({ viewport: { width, height } });
			page.setDefaultTimeout(PATIENCE_MS);
			const editor = new Editor(browser, page, url);
			await editor.login();
			return editor;
		} catch (error) {
			// A browser that is left open keeps the tests from ending.
			await browser.close();
			throw error;
		}
	}

	private async login(): Promise<void> {
		const { page } = this;
		await page.goto(`${this.url}/signin`);
		await page.locator('[name=emailOrLdapLoginId]').fill(OWNER.email);
		await page.locator('[name=password]').fill(OWNER.password);
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/(home|workflow)/);
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	/** Elements of that `data-test-id`, which n8n keeps for tests like these. */
	part(id: string, within: Page | Locator = this.page): Locator {
		return within.locator(`[data-test-id="${id}"]`);
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.part('canvas-node').first().waitFor();
	}

	/** A node on the canvas. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	async openNode(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.part('node-parameters').first().waitFor();
	}

	async closeNode(): Promise<void> {
		await this.part('ndv-close-button').click();
		await this.part('ndv').waitFor({ state: 'detached' });
	}

	/** A field of the open node. */
	field(name: string): Locator {
		return this.part(`parameter-input-${name}`);
	}

	async choose(field: string, option: string): Promise<void> {
		await this.field(field).click();
		await this.page.getByRole('option', { name: option }).filter({ visible: true }).click();
	}

	/** Fills a media field by hand. */
	async giveMedia(field: string, mode: 'binary' | 'url' | 'silence', value: string): Promise<void> {
		await this.chooseMode(field, mode);
		await this.part('rlc-input', this.field(field)).fill(value);
	}

	async chooseMode(field: string, mode: 'binary' | 'url' | 'silence' | 'list'): Promise<void> {
		await this.part('rlc-mode-selector', this.field(field)).click();
		await this.part(`mode-${mode}`).filter({ visible: true }).click();
	}

	/** Sets a field that holds an expression to a fixed value. */
	async setFixed(field: string): Promise<void> {
		await this.field(field).hover();
		const options = this.part(`${field}-parameter-input-options-container`);
		await this.part('radio-button-fixed', options).click();
	}

	/** Sets a field with a fixed value to an expression. */
	async giveExpression(field: string, expression: string): Promise<void> {
		await this.field(field).hover();
		const options = this.part(`${field}-parameter-input-options-container`);
		await this.part('radio-button-expression', options).click();
		const box = this.field(field).locator('.cm-content');
		await box.fill(expression);
		// The editor's list of suggestions would take the next click.
		await box.blur();
	}

	/** Adds an option of the collection Options. */
	async addOption(name: string): Promise<void> {
		await this.part('collection-parameter-add').filter({ visible: true }).first().click();
		await this.page.getByText(name, { exact: true }).filter({ visible: true }).click();
	}

	/** Runs the nodes before the open one, and shows in the input panel what can be dragged. */
	async runEarlierNodes(): Promise<void> {
		const panel = this.part('ndv-input-panel');
		const counted = this.part('run-data-schema-node-item-count', panel).first();
		await insist(counted, async () => {
			await this.part('execute-previous-node', panel).click();
			await this.part('radio-button-schema', panel).click();
		});
	}

	/** A field in the input panel, to be dragged. */
	async input(node: string, name: string): Promise<Locator> {
		const panel = this.part('ndv-input-panel');
		const pill = panel
			.locator(`[data-target=mappable][data-node-name="${node}"][data-name="${name}"]`)
			.first();
		if (!(await pill.isVisible())) {
			await this.part('run-data-schema-header', panel).filter({ hasText: node }).click();
		}
		await pill.waitFor();
		return pill;
	}

	/** Drags with the mouse, as a hand does. */
	async drag(from: Locator, to: Locator): Promise<void> {
		const target = await to.boundingBox();
		if (!target) throw new Error('There is nothing to drop on.');
		const { mouse } = this.page;
		await from.hover();
		await mouse.down();
		const [x, y] = [target.x + target.width / 2, target.y + target.height / 2];
		await mouse.move(x, y, { steps: 8 });
		await mouse.move(x + 2, y - 2, { steps: 3 });
		await mouse.up();
	}

	async runStep(): Promise<void> {
		await this.part('node-execute-button').click();
	}

	/** Waits for a file in the output, and plays it in the viewer. */
	async playVideo(): Promise<Locator> {
		const panel = this.part('output-panel');
		await this.part('radio-button-binary', panel).click();
		await this.part('ndv-view-binary-data', panel).click();
		const video = this.page.locator('video');
		await video.waitFor();
		return video;
	}

	/** Searches for a node in the panel behind the plus of the last node, and takes an action. */
	async addNode(words: string, action: string): Promise<void> {
		await this.part('zoom-to-fit').click();
		await this.part('canvas-handle-plus-wrapper').last().click();
		await this.part('node-creator-search-bar').fill(words);
		await this.part('node-creator-action-item').first().click();
		const panel = this.part('node-creator');
		await panel.getByText(action, { exact: true }).click();
		await this.part('node-parameters').first().waitFor();
	}

	/** Opens the dialogue for a new credential of the open node. */
	async newCredential(): Promise<Locator> {
		await this.part('node-credentials-select').click();
		await this.part('node-credentials-select-item-new').filter({ visible: true }).click();
		const dialogue = this.part('editCredential-modal');
		await dialogue.waitFor();
		return dialogue;
	}

	/** Fills a field of the credential dialogue. */
	async fillCredential(field: string, value: string): Promise<void> {
		const dialogue = this.part('editCredential-modal');
		await this.part(`parameter-input-${field}`, dialogue).locator('input').fill(value);
	}

	/**
	 * Saves the credential of the dialogue, which n8n then tests. The button does nothing while n8n still
	 * tests, and until it has taken in what was typed: only then is it enabled and called "Save".
	 */
	async saveCredential(): Promise<void> {
		const place = this.part('credential-save-button');
		await place.getByRole('button', { name: 'Save', exact: true }).click();
	}

	/** What the output panel says about a failed run. */
	async failure(): Promise<{ title: string; advice: string }> {
		const panel = this.part('output-panel');
		const title = await this.part('node-error-message', panel).innerText();
		const advice = await this.part('node-error-description', panel).allInnerTexts();
		return { title, advice: advice.join('\n').trim() };
	}
}

const TRIES = 3;

/** A click or drag that comes while a panel is still being drawn goes nowhere: people do it again, too. */
export async function insist(seen: Locator, act: () => Promise<void>): Promise<void> {
	for (let attempt = 1; attempt <= TRIES && !(await seen.isVisible()); attempt++) {
		await act();
		await seen.waitFor({ timeout: 15_000 }).catch(() => undefined);
	}
	await seen.waitFor();
}
