import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { runCommand } from '../../testbed/lib/command';
import type { Runtime } from '../../testbed/n8n/runtime';

/** Where Redis and PostgreSQL are; the variables are told in docs/queue-mode.md. */
const { env } = process;
export const REDIS = {
	host: env.TEST_REDIS_HOST ?? '127.0.0.1',
	port: Number(env.TEST_REDIS_PORT ?? 6379),
};
export const POSTGRES = {
	host: env.TEST_POSTGRES_HOST ?? '127.0.0.1',
	port: Number(env.TEST_POSTGRES_PORT ?? 5432),
	user: env.TEST_POSTGRES_USER ?? 'postgres',
	password: env.TEST_POSTGRES_PASSWORD ?? '',
};

/** Names of the services that do not answer. Looked up at once, before jest collects the tests. */
export function missingServices(): string[] {
	const services = Object.entries({ Redis: REDIS, PostgreSQL: POSTGRES });
	return services.flatMap(([name, { host, port }]) => {
		const probe = spawnSync(process.execPath, ['-e', CONNECT, host, String(port)]);
		return probe.status === 0 ? [] : [`${name} (${host}:${port})`];
	});
}

const CONNECT = `
const [host, port] = process.argv.slice(1);
const socket = require('node:net').connect({ host, port: Number(port), timeout: 2000 });
socket.once('connect', () => process.exit(0));
for (const failure of ['error', 'timeout']) socket.once(failure, () => process.exit(1));
`;

/** A database and a Redis prefix of our own, and the environment that leads n8n to them. */
export interface QueueServices {
	readonly env: Readonly<Record<string, string>>;
	drop(): Promise<void>;
}

/** Uses the clients that n8n brings along. */
export async function createQueueServices({ dir, nodeBinary }: Runtime): Promise<QueueServices> {
	const name = `n8n_test_${randomBytes(6).toString('hex')}`;
	const run = async (action: 'create' | 'drop') => {
		const facts = JSON.stringify({ action, name, postgres: POSTGRES, redis: REDIS });
		await runCommand(nodeBinary, ['-e', MANAGE, facts], { cwd: dir, timeoutMs: 30_000 });
	};
	await run('create');
	return {
		env: {
			EXECUTIONS_MODE: 'queue',
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			QUEUE_BULL_REDIS_HOST: REDIS.host,
			QUEUE_BULL_REDIS_PORT: String(REDIS.port),
			QUEUE_BULL_PREFIX: name,
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: POSTGRES.host,
			DB_POSTGRESDB_PORT: String(POSTGRES.port),
			DB_POSTGRESDB_USER: POSTGRES.user,
			DB_POSTGRESDB_PASSWORD: POSTGRES.password,
			DB_POSTGRESDB_DATABASE: name,
			N8N_DEFAULT_BINARY_DATA_MODE: 'database',
		},
		drop: async () => await run('drop'),
	};
}

const MANAGE = `
const { Client } = require('pg');
const Redis = require('ioredis');
const { action, name, postgres, redis } = JSON.parse(process.argv[1]);
(async () => {
  const client = new Client({ ...postgres, database: 'postgres' });
  await client.connect();
  if (action === 'create') await client.query('CREATE DATABASE ' + name);
  else await client.query('DROP DATABASE IF EXISTS ' + name + ' WITH (FORCE)');
  await client.end();
  const store = new Redis(redis);
  if (action === 'drop') {
    const keys = await store.keys(name + '*');
    if (keys.length > 0) await store.del(...keys);
  } else await store.ping();
  store.disconnect();
})().catch((error) => { console.error(error); process.exit(1); });
`;
