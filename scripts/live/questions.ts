/**
 * What the node takes for granted about the service; what costs most if it is wrong comes first. Each has its row in
 * docs/live.md, which says what would break.
 */
export const QUESTIONS = {
	'history-inputs': 'The history shows the inputs of a job, its addresses letter by letter',
	seed: 'A seed of 31 bits is accepted, and comes back in the history',
	'found-soon': 'A new job is in the history within a minute',
	refusal: 'A submission that is refused for too many requests made no job',
	charge: 'The bill shows what the price said, in US dollars',
	'no-face': 'A picture without a face ends the job as failed, with code 1403',
	refund: 'A failed job is paid back',
	'upload-again': 'An upload can be read again, without the key',
	envelope: "Successful responses have the envelope's code 200",
	credential: 'A good key reads the balance, a made-up one is refused with 401',
	upload: 'Files go up by ticket',
	price: 'A price can be asked for, in US dollars',
	'job-ends': 'The job completes within 30 minutes',
	video: 'The video can be downloaded without the key',
	'random-seed': 'A seed of -1 is accepted',
	deletion: 'A job can be deleted, and then cannot be read any more',
	statuses: 'Jobs have the statuses that the node knows',
} as const;

export type QuestionId = keyof typeof QUESTIONS;
