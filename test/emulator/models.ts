/** What is known of a model with two voices (wavespeed.ai/docs/docs-api/wavespeed-ai/…). */
export interface ModelSpec {
	id: string;
	/** USD per five seconds. With resolutions: that of the first one, the default. */
	basePrice: number;
	/** USD per five seconds by `resolution`; absent where the model has no such input. */
	resolutions?: Readonly<Record<string, number>>;
	/** Seconds that are billed at least. */
	minSeconds: number;
	/** Longest video in seconds; longer speech is cut. */
	maxSeconds: number;
}

/** The default model. */
export const MODEL = 'wavespeed-ai/infinitetalk-fast/multi';
export const MODEL_STANDARD = 'wavespeed-ai/infinitetalk/multi';
export const MODEL_LONGCAT = 'wavespeed-ai/longcat-avatar-1.5/multi';

const STANDARD = { '480p': 0.15, '720p': 0.3 };
const LONGCAT = { '480p': 0.2, '720p': 0.4 };

export const MODELS: readonly ModelSpec[] = [
	{ id: MODEL, basePrice: 0.075, minSeconds: 5, maxSeconds: 600 },
	{ id: MODEL_STANDARD, basePrice: 0.15, resolutions: STANDARD, minSeconds: 3, maxSeconds: 600 },
	{ id: MODEL_LONGCAT, basePrice: 0.2, resolutions: LONGCAT, minSeconds: 3, maxSeconds: 64 },
];

export function findModel(id: string): ModelSpec | undefined {
	return MODELS.find((model) => model.id === id);
}
