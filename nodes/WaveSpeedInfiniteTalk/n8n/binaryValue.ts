/** Copies of what n8n-workflow exports only since 2.5.0, so that the node runs in older n8n as well. */
import type { IBinaryData } from 'n8n-workflow';

/** The key of an item's JSON to which n8n moves files in combined binary mode. */
export const BINARY_IN_JSON_PROPERTY = '_files';

/** The workflow setting `binaryMode` under which files are in the JSON. */
export const BINARY_MODE_COMBINED = 'combined';

/** True for what n8n keeps of a file: with its content, or with an ID of n8n's storage. */
export function isBinaryValue(value: unknown): value is IBinaryData {
	if (typeof value !== 'object' || value === null || !('mimeType' in value)) return false;
	return 'data' in value || 'id' in value;
}
