/**
 * What the node takes for granted about the service. Each has its row in docs/live.md, which says what
 * would break without it, and its ID stays.
 */
export const CHECKS = {
	credential: 'A good key passes the test of the credential',
	'wrong-key': 'A wrong key is refused with HTTP 401',
	balance: 'The balance is a number of US dollars',
	'date-header': 'Answers carry the time of the service',
	'webhook-secret': 'The secret that callbacks are signed with can be read',
	'model-inputs': 'The models take the inputs that the node sends',
	'unknown-job': 'A job that does not exist is answered with 404',
	retention: 'Nothing is kept longer than 7 days',
	upload: 'Files go up by ticket',
	'ticket-headers': "A PUT with the ticket's headers, and no others about the file, is accepted",
	'ticket-expiry': 'A ticket is good for a minute or more',
	'upload-limit': 'Files of up to 200 MiB are taken, larger ones are not',
	price: 'A price can be asked for, in US dollars',
	'price-discount': 'The discount rate is the percentage that is paid',
	'price-length': 'A price measures the voices behind the addresses',
	submit: 'A submission is answered with the job',
	'job-readable': 'A job can be read right after its submission',
	'created-at': "A job is dated by the service's clock",
	'lost-answer': 'A job whose answer was lost is found in the history',
	'history-inputs': 'The history shows the inputs of jobs',
	'history-urls': 'The history shows the addresses as they were sent',
	'seed-sent': 'A seed of 31 bits is accepted, and the history shows it',
	'history-filter': 'The history can be filtered by date',
	'job-ends': 'The job completes',
	video: 'The video can be downloaded without the key',
	reuse: 'A job with the same inputs is found, and its video is there',
	charge: 'The bill shows the charge in US dollars, as the quote said',
	'failed-job': 'A picture that cannot be read ends the job as failed, with code 1402',
	refund: 'A failed job is paid back',
	'seed-random': 'A seed of -1 is accepted',
	delete: 'A job can be deleted',
	'deleted-job': 'A deleted job cannot be read any more',
	statuses: 'Jobs have the statuses that the node knows',
	envelope: "Successful answers have the envelope's code 200",
} as const;

export type CheckId = keyof typeof CHECKS;
