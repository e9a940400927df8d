import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v4';
import type { Emulator } from '../emulator';
import type { JobScript } from '../job-script';
import type { Settings } from '../options';
import { parse } from '../validate';

const CONTROL = { config: { name: 'control' as const } };

/** What other processes may call; functions in rules cannot be serialized. */
export function remoteCalls(emulator: Emulator) {
	return {
		setOptions: (patch: Partial<Settings>) => emulator.setOptions(patch),
		scriptJob: (script: Omit<JobScript, 'when'>) => emulator.scriptJob(script),
		finishAll: async () => await emulator.finishAll(),
		reset: async () => await emulator.reset(),
	};
}

/** The emulator's control by other processes; without a key, as only loopback can reach it. */
export function controlRoutes(app: FastifyInstance, emulator: Emulator): void {
	const calls = new Map(Object.entries(remoteCalls(emulator)));
	app.get<{ Querystring: { only?: string } }>('/_emulator/state', CONTROL, async ({ query }) => {
		const only = query.only?.split(',');
		const parts = Object.entries(emulator.state());
		return Object.fromEntries(parts.filter(([name]) => !only || only.includes(name)));
	});
	app.post<{ Params: { call: string } }>(
		'/_emulator/:call',
		CONTROL,
		async ({ params, body }, reply) => {
			const call = calls.get(params.call) as ((...args: unknown[]) => unknown) | undefined;
			if (!call) return reply.callNotFound();
			await call(...parse(z.array(z.unknown()), body));
			return {};
		},
	);
}
