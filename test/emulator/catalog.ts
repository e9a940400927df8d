import { MAX_SEED, ORDERS } from './job-inputs';
import { MODELS, type ModelSpec } from './models';

const URL_INPUT = { type: 'string', format: 'uri' };

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
		image: URL_INPUT,
		left_audio: URL_INPUT,
		right_audio: URL_INPUT,
		prompt: { type: 'string' },
		order: { type: 'string', enum: ORDERS, default: 'meanwhile' },
		...(resolutions && { resolution: { type: 'string', enum: names, default: names[0] } }),
		seed: { type: 'integer', minimum: -1, maximum: MAX_SEED, default: -1 },
	};
	return {
		type: 'object',
		properties,
		required: ['left_audio', 'right_audio', 'image'],
		'x-order-properties': Object.keys(properties),
	};
}
