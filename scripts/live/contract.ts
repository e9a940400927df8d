/**
 * The shape of each answer of WaveSpeed's API, as the emulator gives it and the node expects it.
 * Sources: wavespeed.ai/docs/rest-api and the pages below it, WaveSpeedAI/wavespeed-cli (src/lib/api.ts,
 * commands/billings), WaveSpeedAI/wavespeed-python (src/wavespeed/api/client.py).
 *
 * Optional here is what the documentation's own examples leave out. Values that a check of its own is
 * about (the envelope's code, the statuses) are only typed.
 */
import { z } from 'zod/v4';
import type { CallName } from './calls';

const time = z.iso.datetime();

const inputs = z.strictObject({
	image: z.url(),
	left_audio: z.url(),
	right_audio: z.url(),
	prompt: z.string().optional(),
	order: z.string().optional(),
	resolution: z.string().optional(),
	seed: z.int().optional(),
});

const prediction = z.strictObject({
	id: z.string(),
	status: z.string(),
	created_at: time,
	model: z.string().optional(),
	outputs: z.array(z.url()).nullable().optional(),
	urls: z.strictObject({ get: z.url() }).optional(),
	has_nsfw_contents: z.array(z.boolean()).nullable().optional(),
	error: z.string().optional(),
	code: z.int().optional(),
	timings: z.strictObject({ inference: z.number() }).optional(),
});

const listedPrediction = prediction.extend({
	executionTime: z.number().optional(),
	input: inputs.optional(),
	inputs: inputs.optional(),
});

const bill = z.strictObject({
	uuid: z.string(),
	billing_type: z.enum(['deduct', 'refund']),
	price: z.number(),
	created_at: time,
	updated_at: time,
	order: z.unknown().optional(),
	prediction: z.strictObject({ uuid: z.string(), model_uuid: z.string(), status: z.string() }),
	access_key_name: z.string(),
});

const model = z.strictObject({
	model_id: z.string(),
	name: z.string(),
	description: z.string(),
	type: z.string(),
	base_price: z.number(),
	sort_order: z.number(),
	formula: z.string(),
	api_schema: z.strictObject({
		api_schemas: z.array(
			z.strictObject({
				type: z.string(),
				method: z.string(),
				server: z.url(),
				api_path: z.string(),
				request_schema: z.looseObject({
					properties: z.record(z.string(), z.looseObject({})),
					required: z.array(z.string()),
				}),
			}),
		),
	}),
});

const upload = {
	type: z.string(),
	download_url: z.url(),
	filename: z.string(),
	size: z.int(),
};

/** The envelope's `data` by call. */
const DATA = {
	balance: z.strictObject({ balance: z.number() }),
	webhookSecret: z.strictObject({ secret: z.string() }),
	models: z.array(model),
	price: z.strictObject({
		model_id: z.string(),
		price: z.number(),
		discounted_price: z.number(),
		discount_rate: z.number().optional(),
		currency: z.string().optional(),
	}),
	ticket: z.strictObject({
		...upload,
		upload: z.strictObject({
			method: z.literal('PUT'),
			url: z.url(),
			headers: z.record(z.string(), z.string()),
			expires_at: time,
		}),
	}),
	oneStep: z.strictObject(upload),
	submit: prediction,
	result: prediction,
	history: z.strictObject({ page: z.int(), items: z.array(listedPrediction) }),
	billings: z.strictObject({ page: z.int(), has_more: z.boolean(), items: z.array(bill) }),
	delete: z.strictObject({ deleted_count: z.int() }),
} satisfies Partial<Record<CallName, z.ZodType>>;

/** A refusal; what exactly each one says is not published. */
const REFUSAL = z.strictObject({
	code: z.int(),
	message: z.string(),
	error_code: z.string().optional(),
});

/**
 * What an answer must look like.
 *
 * @param status of HTTP
 * @returns undefined for a transfer, which has no JSON
 */
export function shapeOf(call: CallName, status: number): z.ZodType | undefined {
	if (call === 'put' || call === 'download') return undefined;
	if (status >= 300) return REFUSAL;
	return z.strictObject({ code: z.int(), message: z.string(), data: DATA[call] });
}
