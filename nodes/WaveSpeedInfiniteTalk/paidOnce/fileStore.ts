/** Keeps what is known of files in what n8n stores, for as long as it may be needed. */
import type { KeptFiles } from '../inputs/keptFiles';
import type { StoredState } from './storedState';

export class FileStore {
	constructor(
		private readonly state: StoredState,
		private readonly runIndex: number,
	) {}

	/** What an earlier run of the node knew of an item's files. */
	of(itemIndex: number): KeptFiles | undefined {
		return this.state.files[this.key(itemIndex)];
	}

	/** @param files undefined for an item whose files are not needed any more */
	keep(itemIndex: number, files: KeptFiles | undefined): void {
		if (files) this.state.files[this.key(itemIndex)] = files;
		else delete this.state.files[this.key(itemIndex)];
	}

	/** The run has ended well: n8n does not run it again. */
	clear(): void {
		for (const key of Object.keys(this.state.files)) {
			if (key.startsWith(this.key(''))) delete this.state.files[key];
		}
	}

	private key(itemIndex: number | ''): string {
		return `${this.runIndex}.${itemIndex}`;
	}
}
