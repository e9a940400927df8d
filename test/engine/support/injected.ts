/**
 * n8n's dependency injection as n8n-core has it. npm may install several versions of these packages,
 * each with services of its own; only those beside n8n-core are the ones that it uses.
 */
import type * as BackendCommon from '@n8n/backend-common';
import type * as DI from '@n8n/di';
import { createRequire } from 'node:module';

const requireAsCore = createRequire(require.resolve('n8n-core'));

export const { Container } = requireAsCore('@n8n/di') as typeof DI;
export const { Logger } = requireAsCore('@n8n/backend-common') as typeof BackendCommon;
