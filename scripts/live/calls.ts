/** Which call of the service a request is. */

/** A call of the API, or a transfer to (`put`) or from (`download`) another host. */
export type CallName =
	| 'balance'
	| 'webhookSecret'
	| 'models'
	| 'price'
	| 'ticket'
	| 'oneStep'
	| 'history'
	| 'billings'
	| 'delete'
	| 'result'
	| 'submit'
	| 'put'
	| 'download';

const CALLS: Readonly<Record<string, CallName>> = {
	'GET balance': 'balance',
	'GET webhook/secret': 'webhookSecret',
	'GET models': 'models',
	'POST model/price': 'price',
	'POST media/uploads': 'ticket',
	'POST media/upload/binary': 'oneStep',
	'POST predictions': 'history',
	'POST predictions/delete': 'delete',
	'POST billings/search': 'billings',
};

/**
 * @param baseUrl of the API, without a slash at the end
 * @returns `submit` for any POST to the API that is not known to be free
 */
export function callOf(method: string, url: string, baseUrl: string): CallName {
	const api = `${baseUrl}/api/v3/`;
	if (!url.startsWith(api)) return method === 'PUT' ? 'put' : 'download';
	const path = url.slice(api.length).replace(/\?.*$/, '');
	const known = CALLS[`${method} ${path}`];
	if (known) return known;
	return method === 'POST' ? 'submit' : 'result';
}

/** Whether a call is one of the API, whose answers have the envelope. */
export function isApiCall(call: CallName): boolean {
	return call !== 'put' && call !== 'download';
}
