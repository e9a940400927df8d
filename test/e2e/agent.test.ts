import { expect, it } from '@jest/globals';
import { itemsOf, type Execution } from '../testbed/n8n';
import { chain, manualTrigger, node, workflow, type Parameters } from '../testbed/workflow';
import { startChatModel, toolAnswers } from './stubs/chat-model';
import { expectUploaded } from './support/uploads';
import { useTestbed } from '../testbed/jest/use-testbed';
import { mediaFields, NODE_TYPE_VERSION, PACKAGE, withNewTake } from '../testbed/video-node';

const testbed = useTestbed({ emulator: { jobSeconds: 1, balance: 7.3 } });
const { client, emulator } = testbed;

const TOOL = 'Talking video';

interface Told {
	readonly ended: Execution;
	/** The tool as the model saw it. */
	readonly description: string | undefined;
	readonly properties: string[];
	/** What the tool told the model. */
	readonly answer: string;
}

/** Runs an AI Agent with our node as its tool, and with a chat model that says these arguments. */
async function useTool(
	parameters: Parameters,
	says: Record<string, unknown>,
	typeVersion = 3.1,
): Promise<Told> {
	const model = await startChatModel(says);
	try {
		const data = { apiKey: 'sk-none', url: model.url };
		const use = [await client.createCredential('openAiApi', data)];
		const prompt = { promptType: 'define', text: 'Make a video of these two', options: {} };
		const agent = node('Agent', '@n8n/n8n-nodes-langchain.agent', prompt, { typeVersion });
		const scripted = { model: { __rl: true, mode: 'id', value: 'scripted' }, options: {} };
		const chatType = '@n8n/n8n-nodes-langchain.lmChatOpenAi';
		const chat = node('Model', chatType, scripted, { typeVersion: 1.2, use });
		const tool = node(TOOL, `${PACKAGE}.waveSpeedInfiniteTalkTool`, withNewTake(parameters), {
			typeVersion: NODE_TYPE_VERSION,
			use: [testbed.credential],
		});
		const flow = workflow('Agent', ...chain(manualTrigger(), agent));
		const feed = (type: 'ai_tool' | 'ai_languageModel') => ({
			[type]: [[{ node: agent.name, type, index: 0 }]],
		});
		const { id } = await client.createWorkflow({
			...flow,
			nodes: [...flow.nodes, chat, tool],
			connections: {
				...flow.connections,
				[chat.name]: feed('ai_languageModel'),
				[tool.name]: feed('ai_tool'),
			},
		});
		const ended = await testbed.run(id, 'success');
		const [asked, told] = model.requests;
		const described = asked?.tools?.[0]?.function;
		const [answer = ''] = toolAnswers(told!);
		expect(answer.length).toBeLessThan(1_000);
		expect(emulator.requestsTo('download')).toEqual([]);
		return {
			ended,
			description: described?.description,
			properties: Object.keys(described?.parameters.properties ?? {}),
			answer,
		};
	} finally {
		await model.close();
	}
}

const fromAi = (name: string, type = 'string') => `={{ $fromAI('${name}', '', '${type}') }}`;

const links = () => ({
	image: `${emulator.origins.web}/pair.png`,
	left_audio: `${emulator.origins.web}/left-voice.wav`,
	right_audio: `${emulator.origins.web}/right-voice.wav`,
});
const MEDIA = mediaFields('url', [fromAi('image'), fromAi('left_audio'), fromAi('right_audio')]);

it.each([2.2, 3.1])(
	'as a tool of the AI Agent %p it takes links, gives a short JSON and no file, and does not pause',
	async (agentVersion) => {
		const parameters = { ...MEDIA, order: fromAi('order'), options: { model: fromAi('model') } };
		const says = { ...links(), order: 'left_right', model: 'infinitetalk480p' };
		const { ended, description, properties, answer } = await useTool(
			parameters,
			says,
			agentVersion,
		);
		expect(description).toMatch(/Create a talking video/);
		expect(properties).toEqual(Object.keys(says));

		const [job] = emulator.predictions();
		expect(job).toMatchObject({ model: 'wavespeed-ai/infinitetalk/multi' });
		expect(job?.body.order).toBe('left_right');
		expectUploaded(emulator);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });

		expect(answer).toContain(job!.videoUrl);
		const run = ended.data.resultData.runData[TOOL]?.[0];
		expect(run?.data?.ai_tool?.[0]?.[0]?.binary ?? {}).toEqual({});
		expect(String(itemsOf(ended, 'Agent')[0]?.json.output)).toContain(job!.videoUrl);
	},
);

const JOB: Parameters = { predictionId: { __rl: true, mode: 'id', value: fromAi('job_id') } };

interface Case {
	readonly operation: string;
	readonly parameters?: Parameters;
	/** What the model says. */
	readonly says: (id: string) => Record<string, unknown>;
	/** What the tool answers. */
	readonly answers: (id: string) => Record<string, unknown>;
	/** Whether it answers nothing else. */
	readonly isWhole?: boolean;
}

const CASES: readonly Case[] = [
	{
		operation: 'getPrice',
		parameters: MEDIA,
		says: links,
		answers: () => ({ duration_s: 3.69, balance: 7 }),
	},
	{
		operation: 'getMany',
		parameters: { limit: fromAi('limit', 'number'), output: 'selected', fields: ['prompt'] },
		says: () => ({ limit: 5 }),
		answers: (id) => ({ id, prompt: 'Two friends' }),
		isWhole: true,
	},
	{
		operation: 'getResult',
		parameters: { ...JOB, options: { getCharge: true } },
		says: (id) => ({ job_id: `https://api.wavespeed.ai/api/v3/predictions/${id}` }),
		answers: (id) => ({ id, status: 'completed', charged: 0.3 }),
	},
	{
		operation: 'delete',
		parameters: JOB,
		says: (id) => ({ job_id: id }),
		answers: () => ({ deleted: true }),
	},
	{
		operation: 'getBalance',
		parameters: { resource: 'account' },
		says: () => ({}),
		answers: () => ({ balance: 7, currency: 'USD' }),
	},
];

it.each(CASES)('$operation gives the agent a short JSON and costs nothing', async (each) => {
	const { operation, parameters, says, answers, isWhole } = each;
	const id = await emulator.addJob({ inputs: { prompt: 'Two friends' }, price: 0.3 });
	const said = says(id);
	const { properties, answer } = await useTool({ operation, ...parameters }, said);
	expect(properties).toEqual(Object.keys(said));
	const answered = answers(id);
	expect([JSON.parse(answer)].flat(2)).toEqual([
		isWhole ? answered : expect.objectContaining(answered),
	]);
	expect(emulator.requestsTo('submit')).toEqual([]);
});
