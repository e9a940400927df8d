export { N8nClient, OWNER } from './client';
export { describe } from './executions';
export { N8nProcess, type StartOptions } from './process';
export { binaryOf, errorOf, hintsOf, itemsOf, runsOf } from './results';
export type { Login } from './session';
export type * from './types';
