/** Deletes a job for good. */
import type { WaveSpeedClient } from '../api/client';
import { appendJobId, orJobError } from '../errors/errorMessages';
import { jobError } from '../errors/jobError';
import type { PatientCalls } from '../polling/patientCalls';

/** @throws JobError with the ID when the service has no such job, or does not delete it */
export async function deleteJob(
	client: WaveSpeedClient,
	id: string,
	calls: PatientCalls,
): Promise<void> {
	let tries = 0;
	const deleting = calls.repeat(async () => {
		tries++;
		return await client.deletePredictions([id]);
	});
	const deleted = await orJobError(deleting, { step: 'delete', id });
	// A try whose response was lost may have deleted it.
	if (deleted !== 0 || tries > 1) return;
	throw jobError(
		appendJobId('WaveSpeed found no job to delete', id),
		'It may already be deleted or belong to another account. Check the ID and the credential.',
		{ step: 'delete', id },
	);
}
