/** The models that make a video of two people: what each is called, takes and allows. */
import { shorten, shortenValue } from '../shared/characters';
import type { JobError } from '../errors/jobError';
import { jobError } from '../errors/jobError';

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

export const DEFAULT_MODEL = MODELS.infinitetalkFast;

/** What the API takes when a body names no resolution, and what its history may leave out. */
export const DEFAULT_RESOLUTION = '480p';

/** @param name as stored; undefined when the user has not chosen */
export function findModel(name: unknown): Model | undefined {
	if (name === undefined) return DEFAULT_MODEL;
	return Object.values(MODELS).find((model) => model.name === name);
}

/**
 * @param name as {@link findModel} takes it
 * @throws JobError when there is no such model
 */
export function requireModel(name: unknown): Model {
	const model = findModel(typeof name === 'string' ? name.trim() : name);
	if (model) return model;
	throw unknownModelError(name);
}

function unknownModelError(name: unknown): JobError {
	const isEmpty = name === null || (typeof name === 'string' && name.trim() === '');
	const shown = typeof name === 'string' ? shorten(name) : shortenValue(name);
	const known = Object.values(MODELS).map((model) => `${model.name} (${model.label})`);
	return jobError(
		isEmpty ? 'Model is empty' : `Model: "${shown}" is not known`,
		`Use one of: ${known.join(', ')}.`,
		{ step: 'check' },
	);
}
