/** What is wrong with something a user gave, and what to do about it. */
export interface Problem {
	/** Follows the name of the field or the file, as the end of a sentence. */
	message: string;
	/** The next step, in sentences of its own. */
	advice: string;
}
