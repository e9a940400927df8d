import { createHash } from 'node:crypto';
import { Probe } from '../../../nodes/WaveSpeedInfiniteTalk/probe/probe';
import { CRAFTED, type Crafted } from '../../unit/probe/support/crafted';
import { target, told, type Row, type Scenario } from '../support/measure';

const MIB = 1024 * 1024;
const SIZE = 200 * MIB;
const CHUNK = 64 * 1024;
const HASH: Crafted = { name: 'hash', head: Buffer.alloc(0), pattern: Buffer.alloc(64, 7) };

/** What it costs to look at a file of 200 MiB that was made to waste time, over hashing the same bytes. */
export const probe: Scenario = {
	title: `${CRAFTED.length} files of 200 MiB, made to waste time: reading over hashing`,
	async run(_testbed, say) {
		const hashMs = measure(HASH, () => {
			const hash = createHash('sha256');
			return { push: (chunk) => void hash.update(chunk), isDecided: false };
		}).totalMs;
		const rows = CRAFTED.map(
			(crafted): Row & { ratio: number; worstMs: number; grownMb: number } => {
				const before = process.memoryUsage().rss;
				const create = () => new Probe({ name: 'a.mp3', declaredType: '' }, 'audio');
				const { totalMs, worstMs } = measure(crafted, create);
				const grownMb = (process.memoryUsage().rss - before) / MIB;
				const ratio = totalMs / hashMs;
				const note = `${ratio.toFixed(2)} × hashing, ${worstMs.toFixed(0)} ms in one go`;
				say(`${crafted.name}: ${note}`);
				return { contender: 'node', what: crafted.name, note, ratio, worstMs, grownMb };
			},
		);
		const worst = (key: 'ratio' | 'worstMs' | 'grownMb') =>
			Math.max(...rows.map((row) => row[key]));
		const slow = [...rows].sort((a, b) => b.ratio - a.ratio).slice(0, 5);
		return await Promise.resolve({
			rows: slow,
			targets: [
				target('reading over hashing, worst file', worst('ratio'), 3, ' ×'),
				target('the event loop is held, worst chunk', worst('worstMs'), 100, ' ms'),
				target('memory over idle, worst file', worst('grownMb'), 16, ' MiB'),
				told('hashing 200 MiB', hashMs, ' ms'),
			],
		});
	},
};

/** Milliseconds of this process's processor time: other processes do not count. */
function cpuMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

function measure(
	{ head, pattern }: Crafted,
	create: () => { push(chunk: Buffer): void; isDecided: boolean },
): { totalMs: number; worstMs: number } {
	const block = Buffer.alloc(pattern.length * Math.ceil(CHUNK / pattern.length), pattern);
	const reader = create();
	const began = cpuMs();
	let worstMs = 0;
	for (let read = 0; read < SIZE && !reader.isDecided; read += block.length) {
		const start = cpuMs();
		reader.push(read === 0 ? head : block);
		worstMs = Math.max(worstMs, cpuMs() - start);
	}
	return { totalMs: cpuMs() - began, worstMs };
}
