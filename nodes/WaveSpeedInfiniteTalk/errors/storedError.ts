/** A {@link JobError} as plain data, to be stored with the execution. */
import type { JobErrorDetails } from './jobError';
import { JobError } from './jobError';

export interface StoredError {
	message: string;
	advice: string;
	details: JobErrorDetails;
}

export function toStoredError({ message, advice, details }: StoredError): StoredError {
	return { message, advice, details };
}

export function fromStoredError({ message, advice, details }: StoredError): JobError {
	return new JobError(message, advice, details);
}
