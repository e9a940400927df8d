'use strict';
const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that start an n8n of their own take minutes, so they begin first. */
const FIRST = /e2e.(queue|restart)(-[\w-]+)?\.test\.ts$/;

module.exports = class extends Sequencer {
	sort(tests) {
		const sorted = super.sort(tests);
		return [
			...sorted.filter(({ path }) => FIRST.test(path)),
			...sorted.filter(({ path }) => !FIRST.test(path)),
		];
	}
};
