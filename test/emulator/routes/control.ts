import type { FastifyInstance } from 'fastify';
import type { Emulator } from '../emulator';
import type { FaultRule } from '../faults';
import type { JobScript } from '../job-script';
import type { Settings } from '../options';
import type { SeededJob } from '../seed';
import { bodyOf, text } from '../validate';
import type { WebhookOverrides } from '../webhooks';

const CONTROL = { config: { name: 'control' as const } };

/** The emulator's methods for other processes; without a key, as only loopback can reach them. */
export function controlRoutes(app: FastifyInstance, emulator: () => Emulator): void {
	app.get<{ Querystring: { only?: string } }>('/_emulator/state', CONTROL, async (request) => {
		const only = request.query.only?.split(',');
		const parts = Object.entries(emulator().state());
		return Object.fromEntries(parts.filter(([name]) => !only || only.includes(name)));
	});
	app.post('/_emulator/reset', CONTROL, async () => {
		await emulator().reset();
		return { done: true };
	});
	app.post('/_emulator/faults', CONTROL, async (request) => {
		emulator().faults.add(bodyOf(request.body) as unknown as FaultRule);
		return { done: true };
	});
	app.delete('/_emulator/faults', CONTROL, async () => {
		emulator().faults.clear();
		return { done: true };
	});
	app.post('/_emulator/jobs/script', CONTROL, async (request) => {
		emulator().scriptJob(bodyOf(request.body) as JobScript);
		return { done: true };
	});
	app.post('/_emulator/jobs/add', CONTROL, async (request) => {
		return { id: await emulator().addJob(bodyOf(request.body) as SeededJob) };
	});
	app.post('/_emulator/jobs/finish', CONTROL, async (request) => {
		const { id } = bodyOf(request.body ?? {});
		if (id === undefined) await emulator().finishAll();
		else await emulator().finishJob(String(id));
		return { done: true };
	});
	app.post('/_emulator/webhooks/deliver', CONTROL, async (request) => {
		const body = bodyOf(request.body);
		const overrides = (body['overrides'] ?? {}) as WebhookOverrides;
		return { delivery: await emulator().deliverWebhook(text(body, 'id'), overrides) };
	});
	app.post('/_emulator/options', CONTROL, async (request) => {
		emulator().setOptions(bodyOf(request.body) as Partial<Settings>);
		return { ...emulator().settings };
	});
}
