import { describe, jest } from '@jest/globals';
import { findChromium } from '../../testbed/lib/chromium';

/** Of a test or hook: the editor is heavy, and the machine may be busy. */
jest.setTimeout(240_000);

/** `describe` where there is a browser; elsewhere the tests show as skipped. */
export const describeInBrowser = findChromium() ? describe : describe.skip;
