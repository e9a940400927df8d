import type { Emulator } from '../../emulator/emulator';

/** What has been uploaded, and under which key the job got it. */
export function uploadedFor(emulator: Emulator, jobId: string): Record<string, string | undefined> {
	const job = emulator.predictions().find(({ id }) => id === jobId);
	const uploads = emulator.uploads();
	return Object.fromEntries(
		(['image', 'left_audio', 'right_audio'] as const).map((key) => {
			const found = uploads.find(({ downloadUrl }) => downloadUrl === job?.inputs[key]);
			return [key, found?.sha256];
		}),
	);
}
