import type { Finding } from './finding';
import { Probe } from './probe';
import type { WavLayout } from './wav';

/** For callers that do not use {@link Probe} yet. */
export class DurationMeter {
	private readonly probe = new Probe({ name: '', declaredType: '' }, 'audio');
	private found: Partial<Finding> = {};

	constructor(readonly hint: { size?: number } = {}) {}

	push(chunk: Buffer): void {
		this.probe.push(chunk);
	}

	end(): number | undefined {
		this.found = (this.probe.end() ?? {}) as Partial<Finding>;
		return this.found.seconds;
	}

	get wav(): WavLayout | undefined {
		return this.found.wav;
	}
}
