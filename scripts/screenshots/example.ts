import path from 'node:path';
import { readExample } from '../../test/testbed/example';
import { ROOT } from '../../test/testbed/lib/paths';
import type { Testbed } from '../../test/testbed/testbed';
import { CREDENTIAL_TYPE, NODE_TYPE } from '../../test/testbed/video-node';
import type { Parameters } from '../../test/testbed/workflow';

/** Not the one that n8n proposes, so that its dialogue proposes that one without a number. */
export const CREDENTIAL_NAME = 'My WaveSpeed account';

const FIRST_EXAMPLE = 'files-to-video.json';

/**
 * Saves an example anew, with other parameters for our first node, and opens it.
 *
 * @returns the name of our node
 */
export async function openExample(
	testbed: Testbed,
	parameters: Parameters = {},
	apiKey?: string,
	file = FIRST_EXAMPLE,
): Promise<string> {
	await testbed.reset();
	const { client, files, service, editor } = testbed;
	const credential =
		apiKey === undefined
			? testbed.credential
			: await client.createCredential(CREDENTIAL_TYPE, { ...service, apiKey }, CREDENTIAL_NAME);
	const folder = path.join(ROOT, 'examples');
	const example = await readExample(path.join(folder, file), {
		folder: files,
		credentials: [credential],
	});
	const ours = example.nodes.find(({ type }) => type === NODE_TYPE);
	if (!ours) throw new Error('The example has no node of ours.');
	Object.assign(ours.parameters, parameters);
	const { id } = await client.createWorkflow(example);
	await editor.openWorkflow(id);
	return ours.name;
}

/** {@link openExample}, and our node in it. */
export async function openExampleNode(
	testbed: Testbed,
	parameters?: Parameters,
	apiKey?: string,
): Promise<void> {
	await testbed.editor.openNode(await openExample(testbed, parameters, apiKey));
}
