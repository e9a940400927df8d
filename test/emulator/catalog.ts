import { z } from 'zod/v4';
import { inputSchema } from './job-inputs';
import { MODELS } from './models';

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
					request_schema: z.toJSONSchema(inputSchema(model)),
				},
			],
		},
	}));
}
