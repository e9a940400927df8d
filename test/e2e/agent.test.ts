import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itemsOf, type StoredCredential } from '../testbed/n8n';
import type { Parameters } from '../testbed/workflow';
import { startChatModel, toolAnswers, type ChatModel } from './stubs/chat-model';
import { createAgent, TOOL } from './support/agent';
import { useTestbed } from '../testbed/jest/use-testbed';
import { media, withNewTake } from '../testbed/video-node';

const LINKS = {
	image: 'https://media.example/pair.png',
	left_audio: 'https://media.example/left.mp3',
	right_audio: 'https://media.example/right.mp3',
	order: 'left_right',
};

const ARGUMENTS = { ...LINKS, model: 'infinitetalk480p' };

const FROM_AI: Parameters = {
	image: media('url', "={{ $fromAI('image', 'Link to the picture', 'string') }}"),
	leftAudio: media('url', "={{ $fromAI('left_audio', 'Link to the left voice', 'string') }}"),
	rightAudio: media('url', "={{ $fromAI('right_audio', 'Link to the right voice', 'string') }}"),
	order: "={{ $fromAI('order', 'meanwhile, left_right or right_left', 'string') }}",
	options: { model: "={{ $fromAI('model', 'infinitetalkFast or infinitetalk480p', 'string') }}" },
};

const testbed = useTestbed({ emulator: { readInputs: false, jobSeconds: 1 } });
const { client, emulator } = testbed;

let model: ChatModel;
let openAi: StoredCredential;

beforeAll(async () => {
	model = await startChatModel(ARGUMENTS);
	openAi = await client.createCredential('openAiApi', {
		apiKey: 'sk-none',
		url: model.url,
	});
});

afterAll(async () => {
	await model?.close();
});

describe.each([2.2, 3.1])('as a tool of the AI Agent %p', (agentVersion) => {
	it('takes links, gives a short JSON and no file, and does not pause', async () => {
		const before = model.requests.length;
		const flow = await createAgent(testbed, {
			agentVersion,
			openAi,
			parameters: withNewTake(FROM_AI),
		});
		const id = await client.run(flow.id, 'Start');
		const ended = await client.waitFor(id, ['success']);

		const [asked, told] = model.requests.slice(before);
		const described = asked?.tools?.[0]?.function;
		expect(described?.description).toMatch(/Create a talking video/);
		expect(Object.keys(described?.parameters.properties ?? {})).toEqual(Object.keys(ARGUMENTS));

		const [job] = emulator.predictions();
		expect(job).toMatchObject({ model: 'wavespeed-ai/infinitetalk/multi', body: LINKS });
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
		expect(emulator.requestsTo('download')).toHaveLength(0);

		const [answer] = toolAnswers(told!);
		expect(answer).toContain(job!.videoUrl);
		expect(answer!.length).toBeLessThan(1_000);
		const run = ended.data.resultData.runData[TOOL]?.[0];
		expect(run?.data?.ai_tool?.[0]?.[0]?.binary ?? {}).toEqual({});
		expect(String(itemsOf(ended, 'Agent')[0]?.json.output)).toContain(job!.videoUrl);
	});
});
