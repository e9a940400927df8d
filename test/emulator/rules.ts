/** How often a rule applies. */
interface Repeated {
	/** Number of matching cases that it applies to. Default 1. */
	times?: number | 'always';
	/** Number of matching cases that pass first. Default 0. */
	skip?: number;
}

/** Rules for what comes next. The first rule that fits a case applies to it, no other. */
export class Rules<Rule extends Repeated> {
	private active: Array<{ rule: Rule; skipped: number; used: number }> = [];

	/** The rule stays until its times are over, or until it is removed. */
	add(rule: Rule): { remove(): void } {
		const added = { rule, skipped: 0, used: 0 };
		this.active.push(added);
		return {
			remove: () => {
				this.active = this.active.filter((other) => other !== added);
			},
		};
	}

	clear(): void {
		this.active = [];
	}

	/** Rules that have applied to nothing. */
	get unused(): Rule[] {
		return this.active.filter(({ used }) => used === 0).map(({ rule }) => rule);
	}

	/** The rule for a case, counted as used. */
	take(fits: (rule: Rule) => boolean): Rule | undefined {
		for (const one of this.active) {
			const { times = 1, skip = 0 } = one.rule;
			if ((times !== 'always' && one.used >= times) || !fits(one.rule)) continue;
			if (one.skipped < skip) {
				one.skipped += 1;
				continue;
			}
			one.used += 1;
			return one.rule;
		}
		return undefined;
	}
}
