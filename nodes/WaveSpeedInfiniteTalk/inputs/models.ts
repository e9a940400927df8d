/** The models that make a video of two people: what each is called, takes and allows. */
import type { Choice } from './values';
import { toChoice } from './values';

export type ModelName =
	| 'infinitetalkFast'
	| 'infinitetalk480p'
	| 'infinitetalk720p'
	| 'longcatAvatar15';

export interface Model {
	/** As workflows store it. */
	name: ModelName;
	/** As the editor shows it. */
	label: string;
	/** The API's ID of the model, which is its path as well. */
	id: string;
	/** Sent where the model takes it; never to the fast one, which may refuse unknown keys. */
	resolution?: '480p' | '720p';
	/** Longest video, in seconds. */
	maxVideoS: number;
	/** Shorter voices were seen to fail, in seconds: the model works in windows of 81 frames, 25 a second. */
	minVoiceS?: number;
	/** Seconds of work for a second of video. */
	workPerSecond: number;
}

const INFINITETALK_MULTI = {
	id: 'wavespeed-ai/infinitetalk/multi',
	maxVideoS: 600,
	minVoiceS: 3.3,
};

/**
 * Sources: the pages of the models below wavespeed.ai/docs/docs-api/wavespeed-ai. Only that of the fast
 * one gives a pace, 10 to 30 s of work; the others are taken as slower, by their prices.
 */
export const MODELS: Readonly<Record<ModelName, Model>> = {
	infinitetalkFast: {
		name: 'infinitetalkFast',
		label: 'InfiniteTalk Fast',
		id: 'wavespeed-ai/infinitetalk-fast/multi',
		maxVideoS: 600,
		minVoiceS: 3.3,
		workPerSecond: 30,
	},
	infinitetalk480p: {
		...INFINITETALK_MULTI,
		name: 'infinitetalk480p',
		label: 'InfiniteTalk 480p',
		resolution: '480p',
		workPerSecond: 60,
	},
	infinitetalk720p: {
		...INFINITETALK_MULTI,
		name: 'infinitetalk720p',
		label: 'InfiniteTalk 720p',
		resolution: '720p',
		workPerSecond: 120,
	},
	longcatAvatar15: {
		name: 'longcatAvatar15',
		label: 'LongCat Avatar 1.5',
		id: 'wavespeed-ai/longcat-avatar-1.5/multi',
		resolution: '480p',
		maxVideoS: 30,
		workPerSecond: 60,
	},
};

export const MODEL_CHOICES: ReadonlyArray<Choice<ModelName>> = Object.values(MODELS).map(
	({ name, label }) => ({ value: name, name: label }),
);

export const DEFAULT_MODEL = MODELS.infinitetalkFast;

/** What the API takes when a body names no resolution, and what its history may leave out. */
export const DEFAULT_RESOLUTION = '480p';

/**
 * @param name as stored, or as the editor shows it; undefined when the user has not chosen
 * @throws JobError when there is no such model
 */
export function requireModel(name: unknown): Model {
	return name === undefined ? DEFAULT_MODEL : MODELS[toChoice('Model', name, MODEL_CHOICES)];
}
