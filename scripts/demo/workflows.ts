import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { IBinaryData } from 'n8n-workflow';
import { manualStart, readExample } from '../../test/testbed/example';
import type { Execution, N8nClient, StoredWorkflow, WorkflowJson } from '../../test/testbed/n8n';
import { describe } from '../../test/testbed/n8n';
import { ROOT } from '../../test/testbed/lib/paths';
import { namesIn } from '../../test/testbed/lib/npm';
import type { Testbed } from '../../test/testbed/testbed';
import { step } from '../../test/testbed/lib/progress';

/** Longer than any clip takes at the real service. */
const RUN_MS = 6 * 3600_000;

const EXAMPLES = path.join(ROOT, 'examples');
/** The one that the demo runs. */
const MAIN_EXAMPLE = 'files-to-video.json';

/** Puts all examples into n8n; returns the one to run. */
export async function importExamples(testbed: Testbed): Promise<StoredWorkflow> {
	const { client, files: folder, credential } = testbed;
	const save = async (name: string) => {
		const options = { folder, credentials: [credential] };
		return await saveWorkflow(client, await readExample(path.join(EXAMPLES, name), options));
	};
	for (const name of namesIn(EXAMPLES)) {
		if (name.endsWith('.json') && name !== MAIN_EXAMPLE) await save(name);
	}
	return await save(MAIN_EXAMPLE);
}

/**
 * Runs the workflow by hand and writes its video into a folder; returns the file's path.
 *
 * @throws Error when the run fails or yields no video
 */
export async function runExample(
	client: N8nClient,
	workflow: StoredWorkflow,
	output: string,
): Promise<string> {
	const execution = await step(`Running the workflow "${workflow.name}"`, async () => {
		const id = await client.run(workflow.id, manualStart(workflow));
		return await client.waitFor(id, ['success'], { timeoutMs: RUN_MS });
	});
	const video = videoOf(execution);
	if (!video?.id) throw new Error(`${describe(execution)}, but it has made no video.`);
	const file = path.join(output, path.basename(video.fileName ?? 'talking-video.mp4'));
	await writeFile(file, await client.download(video.id));
	return file;
}

function videoOf(execution: Execution): IBinaryData | undefined {
	return Object.values(execution.data.resultData.runData)
		.flatMap((runs) => runs.flatMap((run) => run.data?.main?.flat() ?? []))
		.flatMap((item) => Object.values(item?.binary ?? {}))
		.reverse()
		.find(({ mimeType }) => mimeType.startsWith('video/'));
}

/** Saves a workflow, in the place of one of that name. */
export async function saveWorkflow(
	client: N8nClient,
	workflow: WorkflowJson,
): Promise<StoredWorkflow> {
	const known = (await client.workflows()).find(({ name }) => name === workflow.name);
	if (known) return await client.updateWorkflow(known.id, workflow);
	return await client.createWorkflow(workflow);
}
