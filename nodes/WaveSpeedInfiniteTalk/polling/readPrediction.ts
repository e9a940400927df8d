/** Reads a job once, patient with a service that stumbles for a moment. */
import type { WaveSpeedClient } from '../api/client';
import type { Prediction } from '../api/prediction';
import { orJobError } from '../errors/errorMessages';
import type { PatientCalls } from './patientCalls';

/** @throws JobError with the ID when the job cannot be read */
export async function readPrediction(
	client: WaveSpeedClient,
	id: string,
	calls: PatientCalls,
): Promise<Prediction> {
	const reading = calls.repeat(async () => await client.result(id));
	return await orJobError(reading, { step: 'result', id });
}
