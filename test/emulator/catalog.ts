import { ORDERS } from './job-inputs';
import { MODELS, type ModelSpec } from './models';

const url = (description: string) => ({ type: 'string', format: 'uri', description });

/** The models list, of the models that can be run here. */
export function catalog(server: string): object[] {
	return MODELS.map((model) => ({
		model_id: model.id,
		name: model.id,
		description: 'Local preview without lip sync',
		type: 'digital-human',
		base_price: model.basePrice,
		sort_order: 0,
		formula: '',
		api_schema: {
			api_schemas: [
				{
					type: 'model_run',
					method: 'POST',
					server,
					api_path: `/api/v3/${model.id}`,
					request_schema: requestSchema(model),
				},
			],
		},
	}));
}

function requestSchema({ resolutions }: ModelSpec): object {
	const names = Object.keys(resolutions ?? {});
	const properties = {
		image: url('Picture that clearly shows two people'),
		left_audio: url('Speech of the person on the left'),
		right_audio: url('Speech of the person on the right'),
		prompt: { type: 'string' },
		order: { type: 'string', enum: ORDERS, default: 'meanwhile' },
		...(resolutions ? { resolution: { type: 'string', enum: names, default: names[0] } } : {}),
		seed: { type: 'integer', minimum: -1, maximum: 2_147_483_647, default: -1 },
	};
	return {
		type: 'object',
		properties,
		required: ['left_audio', 'right_audio', 'image'],
		'x-order-properties': Object.keys(properties),
	};
}
