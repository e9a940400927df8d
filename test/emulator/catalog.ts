import { BASE_PRICE, MODEL } from './pricing';

const url = (description: string) => ({ type: 'string', format: 'uri', description });

const REQUEST_SCHEMA = {
	type: 'object',
	properties: {
		image: url('Picture that clearly shows two people'),
		left_audio: url('Speech of the person on the left'),
		right_audio: url('Speech of the person on the right'),
		prompt: { type: 'string' },
		order: {
			type: 'string',
			enum: ['meanwhile', 'left_right', 'right_left'],
			default: 'meanwhile',
		},
		seed: { type: 'integer', minimum: -1, maximum: 2_147_483_647, default: -1 },
	},
	required: ['left_audio', 'right_audio', 'image'],
	'x-order-properties': ['image', 'left_audio', 'right_audio', 'prompt', 'order', 'seed'],
};

/** The models list. Only the first can be run here; its siblings show that there are others. */
export function catalog(server: string): object[] {
	return [
		entry(server, MODEL, BASE_PRICE, REQUEST_SCHEMA),
		entry(server, 'wavespeed-ai/infinitetalk-fast', BASE_PRICE, { type: 'object' }),
		entry(server, 'wavespeed-ai/infinitetalk/multi', 2 * BASE_PRICE, { type: 'object' }),
	];
}

function entry(server: string, id: string, basePrice: number, schema: object): object {
	return {
		model_id: id,
		name: id,
		description: 'Local preview without lip sync',
		type: 'digital-human',
		base_price: basePrice,
		sort_order: 0,
		formula: '',
		api_schema: {
			api_schemas: [
				{
					type: 'model_run',
					method: 'POST',
					server,
					api_path: `/api/v3/${id}`,
					request_schema: schema,
				},
			],
		},
	};
}
