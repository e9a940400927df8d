/**
 * n8n's own rules, unchanged, and one of ours: a file imports only from its own room and from the floors below it, see
 * docs/architecture.md. The configuration at the root has to be n8n's alone, as its strict mode wants it.
 */
import { config } from '@n8n/node-cli/eslint';

/** From the top down; the rooms of a floor do not know each other. */
const FLOORS = [
	['operations'],
	['webhook'],
	['n8n'],
	['transfer', 'output', 'cost'],
	['paidOnce'],
	['inputs', 'polling'],
	['tracks'],
	['errors'],
	['api', 'probe'],
	['shared'],
];

const KNOWS_N8N = FLOORS.slice(0, 3).flat();

const floors = FLOORS.flatMap((rooms, floor) =>
	rooms.map((room) => {
		const closed = FLOORS.slice(0, floor + 1)
			.flat()
			.filter((other) => other !== room);
		const patterns = [
			{
				regex: `^\\.\\./(${closed.join('|')}|WaveSpeedInfiniteTalk\\.node)(/|$)`,
				message: `${room}/ imports from itself and the floors below it only.`,
			},
		];
		const paths = [
			{
				name: 'n8n-workflow',
				allowTypeImports: true,
				message: `${room}/ knows nothing of n8n but types.`,
			},
		];
		return {
			files: [`WaveSpeedInfiniteTalk/${room}/**/*.ts`],
			rules: {
				'@typescript-eslint/no-restricted-imports': [
					'error',
					{ patterns, paths: KNOWS_N8N.includes(room) ? [] : paths },
				],
			},
		};
	}),
);

export default [...config, ...floors];
