/** What one look at a file tells. */
import type { Problem } from '../shared/problem';
import type { FileType } from './signatures';
import type { WavLayout } from './wav';

export interface Finding {
	kind: FileType;
	/** How long it sounds, with fractions; absent where the file does not tell, never a guess. */
	seconds?: number | undefined;
	/** Why the file cannot be used although it is of the right kind. */
	problem?: Problem;
	/** What is odd about a file that can be used: each follows the name of the file, without its full stop. */
	notes?: readonly string[];
	/** Of WAV files: where their sound is. */
	wav?: WavLayout;
}

/** What is known of a file before its bytes. */
export interface ProbedFile {
	name: string;
	/** Media type as declared; may be wrong or empty. */
	declaredType: string;
}
