export { describe, N8nClient, OWNER } from './client';
export { N8nProcess, startN8n, type StartOptions } from './process';
export { registerPackage } from './register-package';
export { binaryOf, errorOf, hintsOf, itemsOf, runsOf } from './results';
export { N8nApiError, type Login } from './session';
export type * from './types';
