/** The fields that take files, as the whole code and the editor call them. */
export type FileField = InputName | 'audio';

/** The media that a video is made of. */
export type InputName = 'image' | VoiceName;

export type VoiceName = 'leftAudio' | 'rightAudio';

export const INPUT_NAMES: readonly InputName[] = ['image', 'leftAudio', 'rightAudio'];

/** As the fields are called in the editor. */
export const INPUT_LABELS: Record<FileField, string> = {
	image: 'Image',
	leftAudio: 'Left Audio',
	rightAudio: 'Right Audio',
	audio: 'Audio',
};
