import { expect, it } from '@jest/globals';
import { itemsOf, type Execution } from '../testbed/n8n';
import {
	chain,
	manualTrigger,
	node,
	workflow,
	type NodeOptions,
	type Parameters,
} from '../testbed/workflow';
import { startChatModel, toolAnswers, type ToolArguments } from './stubs/chat-model';
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
	/** What the tool told the model, call by call. */
	readonly answers: string[];
	readonly answer: string;
}

/** Runs an AI Agent with our node as its tool, and with a chat model that says these arguments. */
async function useTool(
	parameters: Parameters,
	says: ToolArguments | ToolArguments[][],
	typeVersion = 3.1,
	options: NodeOptions = {},
): Promise<Told> {
	const steps = Array.isArray(says) ? says : [[says]];
	const model = await startChatModel(...steps);
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
			...options,
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
		const described = model.requests[0]?.tools?.[0]?.function;
		const answers = toolAnswers(model.requests.at(-1)!);
		expect(answers).toHaveLength(steps.flat().length);
		expect(answers.join().length).toBeLessThan(1_000 * answers.length);
		expect(emulator.requestsTo('download')).toEqual([]);
		return {
			ended,
			description: described?.description,
			properties: Object.keys(described?.parameters.properties ?? {}),
			answers,
			answer: answers[0]!,
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
const MEDIA = {
	...mediaFields('url', [fromAi('image'), fromAi('left_audio'), fromAi('right_audio')]),
	prompt: '',
};

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
		expect(description).toMatch(/Submit and wait for a video/);
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

it.each([2.2, 3.1])(
	'without a parameter, the model of agent %p fills picture, voices and prompt',
	async (agentVersion) => {
		const says = { ...links(), prompt: 'Two friends' };
		const { properties } = await useTool({}, says, agentVersion);
		expect(properties).toEqual(Object.keys(says));
		expect(emulator.predictions()[0]?.inputs.prompt).toBe('Two friends');
		expectUploaded(emulator);
	},
);

it.each([2.2, 3.1])(
	'tells the model of agent %p what failed, which job, and what to do, and is not repeated',
	async (agentVersion) => {
		emulator.scriptJob({ end: { status: 'failed', error: 'No face found' }, times: 'always' });
		const options = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const { answer } = await useTool(MEDIA, links(), agentVersion, options);
		const [job] = emulator.predictions();
		expect([JSON.parse(answer)].flat(2)).toEqual([
			expect.objectContaining({
				failed: true,
				message: expect.stringContaining('No face found'),
				id: job!.id,
				next_step: expect.any(String),
			}),
		]);
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
	},
);

it.each([2.2, 3.1])(
	'keeps all calls of agent %p together within Max Cost per Run',
	async (agentVersion) => {
		// Each costs $0.12.
		const parameters = {
			...{ ...MEDIA, prompt: fromAi('prompt'), order: 'left_right' },
			options: { maxCostPerRun: 0.3 },
		};
		const call = (prompt: string) => ({ ...links(), prompt });
		const says = [[call('one')], [call('two'), call('three')], [call('four')]];
		const { answers } = await useTool(parameters, says, agentVersion);
		const failed = answers.filter((answer) => answer.includes('bring the total'));
		expect(failed).toHaveLength(2);
		expect(emulator.billing()).toMatchObject({ submitted: 2, spent: 0.24 });
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
		answers: () => ({ duration_s: 7.37, balance: 7 }),
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
