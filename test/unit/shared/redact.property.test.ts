import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toCleanError, withoutSecrets } from '../../../nodes/WaveSpeedInfiniteTalk/shared/redact';
import { anyValue, forAll, text } from '../support/arbitraries';

const KEY = 'wsk_secret_0123456789';

it('whatever is thrown becomes an error without the key', () => {
	const around = fc.tuple(text(), text()).map((ends) => ends.join(KEY));
	forAll(fc.tuple(anyValue(), around), ([thrown, words]) => {
		expect(toCleanError(thrown, KEY)).toBeInstanceOf(Error);
		const { message, stack } = toCleanError(new Error(words, { cause: thrown }), KEY);
		for (const said of [message, stack, withoutSecrets(KEY, words)]) {
			expect(said).not.toContain(KEY);
		}
	});
});
