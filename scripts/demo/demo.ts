import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { OWNER } from '../../test/testbed/n8n';
import { onInterrupt } from '../../test/testbed/lib/children';
import { ROOT } from '../../test/testbed/lib/paths';
import { say } from '../../test/testbed/lib/progress';
import { Testbed } from '../../test/testbed/testbed';
import { openDemoTestbed } from './testbed';
import { conversationWorkflow } from './conversation';
import { importExamples, runExample, saveWorkflow } from './workflows';

/**
 * Everything from set-up to a video: a real n8n with the packed node, a service to talk to, the
 * example workflows, one run. Stays until interrupted unless `once`; returns the exit code.
 *
 * @param apiKey for the real service; the emulator is used without one
 * @throws Error with one sentence when any part of it fails
 */
export async function startDemo(once: boolean, apiKey: string | undefined): Promise<number> {
	const testbed = new Testbed();
	let done = false;
	let interrupted = false;
	const forget = onInterrupt(async () => {
		interrupted = true;
		say('\nEnding the demo …');
		await testbed.close();
		// Ctrl-C is how a demo that has shown its video is meant to end.
		if (done) process.exit(0);
	});
	try {
		await openDemoTestbed(testbed, apiKey);
		const workflow = await importExamples(testbed);
		const output = path.join(ROOT, 'output');
		await mkdir(output, { recursive: true });
		const second = await saveWorkflow(testbed.client, conversationWorkflow(testbed));
		const videos = [
			await runExample(testbed.client, workflow, output),
			// With a key, each video costs money: one is enough.
			...(apiKey ? [] : [await runExample(testbed.client, second, output)]),
		];
		report(testbed, workflow.id, videos, Boolean(apiKey));
		if (once) return 0;
		done = true;
		say('\nn8n stays up until you press Ctrl-C.');
		await testbed.n8n.whenEnded();
		// When we are the ones who end it, the interrupt's own work decides on the exit code.
		if (interrupted) return await new Promise<never>(() => undefined);
		throw new Error(`n8n has ended:\n${testbed.n8n.log.tail(20)}`);
	} finally {
		forget();
		await testbed.close();
	}
}

function report(
	testbed: Testbed,
	workflowId: string,
	videos: readonly string[],
	real: boolean,
): void {
	say('');
	say(`Video:   ${videos.join('\n         ')}`);
	if (!real) {
		say('         (local previews without lip sync: no WAVESPEED_API_KEY was set)');
		say('         The second one is a conversation: listen, each voice comes from its side.');
	}
	say(`Editor:  ${testbed.url}/workflow/${workflowId}`);
	say(`Log in:  ${OWNER.email} / ${OWNER.password}`);
	say(`Files:   ${testbed.files} (put your own pictures and voices here)`);
	if (!real)
		say(`API key: ${testbed.service.apiKey} (of the emulator at ${testbed.service.baseUrl})`);
	say('All example workflows are in the list of workflows.');
}
