/**
 * Rules for scripts and tests. The configuration at the root is n8n's own, unchanged, as its strict
 * mode wants it; it is made for code that runs inside n8n (no `process`, no timers, few imports).
 * ESLint takes the configuration nearest to a file, see scripts/test/checks.ts.
 */
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const NODE_GLOBALS = [
	...['process', 'console', 'Buffer', 'URL', 'URLSearchParams', 'AbortController', 'AbortSignal'],
	...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate'],
	...['__dirname', '__filename', 'require', 'module', 'fetch', 'TextDecoder', 'TextEncoder'],
];

export default defineConfig(
	js.configs.recommended,
	tseslint.configs.recommended,
	{
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
			'@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
			eqeqeq: ['error', 'always'],
			'prefer-template': 'error',
		},
	},
	{
		files: ['**/*.{js,cjs,mjs}'],
		languageOptions: {
			globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])),
		},
	},
	{
		files: ['**/*.cjs'],
		rules: { '@typescript-eslint/no-require-imports': 'off' },
	},
);
