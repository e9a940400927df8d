/** The models that make a video. Another one is another entry of the table below. */
import type { InputName } from '../errors/inputNames';
import type { Choice } from './values';
import { toChoice } from './values';

export interface Model {
	/** As workflows store it. */
	name: ModelName;
	/** As the editor shows it. */
	label: string;
	/** What the editor says about it. */
	description: string;
	/** The API's ID of the model, which is its path as well. */
	id: string;
	/** What it takes. Only a mask may be left out. */
	inputs: readonly InputName[];
	/** True when the order of the voices is part of the inputs. */
	takesOrder: boolean;
	/** Sent where the model takes it; never to the fast one, which may refuse unknown keys. */
	resolution?: '480p' | '720p';
	/** Longest video in seconds, only where the model's own page says so. */
	maxVideoS?: number;
	/** When that page was read. */
	pageDate: string;
	/** Shorter voices were seen to fail, in seconds: the model works in windows of 81 frames, 25 a second. */
	minVoiceS?: number;
	/** Seconds of work for a second of video. */
	workPerSecond: number;
}

const PAGE_DATE = 'November 30, 2026';
/** The people in the video, as workflows store it. */
export type Speakers = 'two' | 'one';

/** Values, and names in the editor. */
export const SPEAKERS: ReadonlyArray<Choice<Speakers>> = [
	{ value: 'one', name: 'One' },
	{ value: 'two', name: 'Two' },
];

/** What a user can give for so many speakers, in the order of the fields. */
export const INPUTS_FOR: Readonly<Record<Speakers, readonly InputName[]>> = {
	two: ['image', 'leftAudio', 'rightAudio'],
	one: ['image', 'audio', 'maskImage'],
};

/** What a model of the table is, apart from what the number of speakers decides. */
interface Family extends Omit<Model, 'name' | 'id' | 'inputs' | 'takesOrder'> {
	/** ID for one speaker; that for two has `/multi` behind it. */
	id: string;
	/** True when, for one speaker, a picture may mark who speaks. */
	takesMask?: boolean;
}

const INFINITETALK = { takesMask: true, maxVideoS: 600, minVoiceS: 3.3, pageDate: PAGE_DATE };
const LONGCAT = {
	id: 'wavespeed-ai/longcat-avatar-1.5',
	maxVideoS: 64,
	pageDate: PAGE_DATE,
};

/**
 * Sources: the pages of the models below wavespeed.ai/docs/docs-api/wavespeed-ai. Only that of the fast
 * one gives a pace, 10 to 30 s of work; the others are taken as slower, by their prices.
 */
const TABLE = {
	infinitetalkFast: {
		...INFINITETALK,
		label: 'InfiniteTalk Fast',
		description: 'The cheapest model, for drafts and most videos',
		id: 'wavespeed-ai/infinitetalk-fast',
		workPerSecond: 30,
	},
	infinitetalk480p: {
		...INFINITETALK,
		label: 'InfiniteTalk 480p',
		description: 'The full model, at about twice the price of Fast',
		id: 'wavespeed-ai/infinitetalk',
		resolution: '480p',
		workPerSecond: 60,
	},
	infinitetalk720p: {
		...INFINITETALK,
		label: 'InfiniteTalk 720p',
		description: 'The full model in higher resolution, at about four times the price of Fast',
		id: 'wavespeed-ai/infinitetalk',
		resolution: '720p',
		workPerSecond: 120,
	},
	longcatAvatar15: {
		...LONGCAT,
		label: 'LongCat Avatar 1.5 480p',
		description:
			'A newer model for videos of up to a minute, at about three times the price of Fast',
		resolution: '480p',
		workPerSecond: 60,
	},
	longcatAvatar15_720p: {
		...LONGCAT,
		label: 'LongCat Avatar 1.5 720p',
		description: 'The same model in higher resolution, at about five times the price of Fast',
		resolution: '720p',
		workPerSecond: 120,
	},
} as const satisfies Record<string, Family>;

export type ModelName = keyof typeof TABLE;

/** For two speakers. */
export const MODELS = modelsFor(({ id }) => ({
	id: `${id}/multi`,
	inputs: INPUTS_FOR.two,
	takesOrder: true,
}));

/** For one. */
const SINGLE_MODELS = modelsFor(({ id, takesMask }) => ({
	id,
	inputs: INPUTS_FOR.one.filter((input) => takesMask === true || input !== 'maskImage'),
	takesOrder: false,
}));

/** All models, by the number of speakers and by name. */
export const ALL_MODELS: Readonly<Record<Speakers, Readonly<Record<ModelName, Model>>>> = {
	two: MODELS,
	one: SINGLE_MODELS,
};

function modelsFor(
	complete: (family: Family) => Pick<Model, 'id' | 'inputs' | 'takesOrder'>,
): Readonly<Record<ModelName, Model>> {
	return Object.fromEntries(
		Object.entries<Family>(TABLE).map(([name, family]) => [
			name,
			{ ...family, name, ...complete(family) },
		]),
	) as Record<ModelName, Model>;
}

export const MODEL_CHOICES: ReadonlyArray<Choice<ModelName>> = Object.values(MODELS).map(
	({ name, label }) => ({ value: name, name: label }),
);

/** The longest video that any model makes, in seconds. */
export const MAX_VIDEO_S = Math.max(
	...Object.values(MODELS).map(({ maxVideoS }) => maxVideoS ?? 0),
);

export const DEFAULT_MODEL = MODELS.infinitetalkFast;

/** What the API takes when a body names no resolution, and what its history may leave out. */
export const DEFAULT_RESOLUTION = '480p';

/**
 * @param name as stored, or as the editor shows it; undefined when the user has not chosen
 * @throws JobError when there is no such model
 */
export function requireModel(name: unknown, speakers: Speakers = 'two'): Model {
	const known = name === undefined ? DEFAULT_MODEL.name : toChoice('Model', name, MODEL_CHOICES);
	return ALL_MODELS[speakers][known];
}
