/** The one place that says which n8n, and which Node.js for it, demo and tests run. */
export const N8N_VERSION = '2.40.7';

/** n8n 2.37 and later refuse anything below Node 24; the binary comes from the npm registry. */
export const NODE_VERSION = '24.21.0';
