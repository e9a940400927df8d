import { jest } from '@jest/globals';

// A whole n8n and a browser on a busy machine: a failure is shown, and tried once more before it counts.
jest.retryTimes(1, { logErrorsBeforeRetry: true });

// Such a machine takes its time, and some tests wait for what n8n does once a minute.
jest.setTimeout(300_000);
