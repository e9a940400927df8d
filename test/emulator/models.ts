import { ApiError } from './envelope';

/** What is known of a model (wavespeed.ai/docs/docs-api/wavespeed-ai/…). */
export interface ModelSpec {
	id: string;
	/** Inputs with a voice, in the order in which the bill counts them. */
	voices: readonly VoiceKey[];
	/** Whether a picture may mark who speaks. */
	takesMask?: true;
	/** USD per five seconds. With resolutions: that of the first one, the default. */
	basePrice: number;
	/** USD per five seconds by `resolution`; absent where the model has no such input. */
	resolutions?: Readonly<Record<string, number>>;
	/** Seconds that are billed at least. */
	minSeconds: number;
	/** Longest video in seconds; longer speech is cut. */
	maxSeconds: number;
}

export type VoiceKey = 'left_audio' | 'right_audio' | 'audio';

const TWO: readonly VoiceKey[] = ['left_audio', 'right_audio'];
const ONE: readonly VoiceKey[] = ['audio'];

/** The default model. */
export const MODEL = 'wavespeed-ai/infinitetalk-fast/multi';
export const MODEL_STANDARD = 'wavespeed-ai/infinitetalk/multi';
export const MODEL_LONGCAT = 'wavespeed-ai/longcat-avatar-1.5/multi';
/** The same with one voice. */
export const MODEL_SINGLE = 'wavespeed-ai/infinitetalk-fast';

const STANDARD = { '480p': 0.15, '720p': 0.3 };
const LONGCAT = { '480p': 0.2, '720p': 0.4 };

const FAST = { basePrice: 0.075, minSeconds: 5, maxSeconds: 600 };
const FULL = { basePrice: 0.15, resolutions: STANDARD, minSeconds: 3, maxSeconds: 600 };
const AVATAR = { basePrice: 0.2, resolutions: LONGCAT, minSeconds: 3, maxSeconds: 64 };

export const MODELS: readonly ModelSpec[] = [
	{ id: MODEL, voices: TWO, ...FAST },
	{ id: MODEL_STANDARD, voices: TWO, ...FULL },
	{ id: MODEL_LONGCAT, voices: TWO, ...AVATAR },
	{ id: MODEL_SINGLE, voices: ONE, takesMask: true, ...FAST },
	{ id: 'wavespeed-ai/infinitetalk', voices: ONE, takesMask: true, ...FULL },
	{ id: 'wavespeed-ai/longcat-avatar-1.5', voices: ONE, ...AVATAR },
];

/** The model of an ID; throws a 404 when there is none. */
export function requireModel(id: string): ModelSpec {
	const model = MODELS.find((one) => one.id === id);
	if (!model) throw new ApiError(404, `Model not found: ${id}`);
	return model;
}
