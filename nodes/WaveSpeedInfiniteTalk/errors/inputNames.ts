/** The fields that take files, as the whole code and the editor call them. */
export type InputName = 'image' | 'maskImage' | VoiceName;

export type VoiceName = 'leftAudio' | 'rightAudio' | 'audio';

/** As the fields are called in the editor. */
export const INPUT_LABELS: Readonly<Record<InputName, string>> = {
	image: 'Image',
	maskImage: 'Mask Image',
	leftAudio: 'Left Audio',
	rightAudio: 'Right Audio',
	audio: 'Audio',
};

/** As the API calls them. */
export const INPUT_KEYS = {
	image: 'image',
	maskImage: 'mask_image',
	leftAudio: 'left_audio',
	rightAudio: 'right_audio',
	audio: 'audio',
} as const satisfies Record<InputName, string>;

export type InputKey = (typeof INPUT_KEYS)[InputName];

/** What an item gives of each input that its model takes. */
export type ByInput<T> = Partial<Record<InputName, T>>;

/** What kind of file the field takes. */
export function kindOf(input: InputName): 'image' | 'audio' {
	return input === 'image' || input === 'maskImage' ? 'image' : 'audio';
}

/** Name and value of what is given, in the order of the fields. */
export function inputEntries<T>(given: ByInput<T>): Array<[InputName, T]> {
	const names = Object.keys(INPUT_LABELS) as InputName[];
	return names.flatMap((name): Array<[InputName, T]> => {
		const value = given[name];
		return value === undefined ? [] : [[name, value]];
	});
}
