/** Our node as a tool of n8n's AI Agent, with a chat model that says what the test has it say. */
import { expect, it } from '@jest/globals';
import { chain, itemsOf, manualTrigger, mediaFields, node, PACKAGE } from '../testbed';
import { useTestbed, workflow } from '../testbed';
import type { NodeOptions, Parameters } from '../testbed';
import { startChatModel, toolAnswers, type ToolArguments } from './stubs/chat-model';
import { expectUploaded } from './support/uploads';

const testbed = useTestbed({ emulator: { jobSeconds: 1, balance: 7.3 } });
const { client, emulator } = testbed;

const TOOL = 'Talking video';

/**
 * Runs the agent; gives what the tool told the model, call by call.
 *
 * @param says the arguments of the model's calls, message by message
 */
async function useTool(
	parameters: Parameters,
	says: ToolArguments[][],
	agentVersion = 3.1,
	options: NodeOptions = {},
) {
	const model = await startChatModel(...says);
	testbed.onClose(model.close);
	const use = [await client.createCredential(...model.credential)];
	const langchain = '@n8n/n8n-nodes-langchain';
	const prompt = { promptType: 'define', text: 'Make a video of these two', options: {} };
	const scripted = { model: { __rl: true, mode: 'id', value: 'scripted' }, options: {} };
	const agent = node('Agent', `${langchain}.agent`, prompt, { typeVersion: agentVersion });
	const chat = node('Model', `${langchain}.lmChatOpenAi`, scripted, { typeVersion: 1.2, use });
	const ours = testbed.videoNode(TOOL, parameters, options);
	const tool = { ...ours, type: `${PACKAGE}.waveSpeedInfiniteTalkTool` };
	const flow = workflow('Agent', ...chain(manualTrigger(), agent));
	const feed = (type: 'ai_tool' | 'ai_languageModel') => ({
		[type]: [[{ node: agent.name, type, index: 0 }]],
	});
	const feeds = { [chat.name]: feed('ai_languageModel'), [tool.name]: feed('ai_tool') };
	const { id } = await client.createWorkflow({
		...flow,
		nodes: [...flow.nodes, chat, tool],
		connections: { ...flow.connections, ...feeds },
	});
	const ended = await testbed.run(id, 'success');
	const answers = toolAnswers(model.requests.at(-1)!);
	expect(answers).toHaveLength(says.flat().length);
	expect(answers.join().length).toBeLessThan(1_000 * answers.length);
	expect(emulator.requestsTo('download')).toEqual([]);
	/** The tool as the model saw it. */
	const { description, parameters: asked } = model.requests[0]!.tools![0]!.function;
	return { ended, description, properties: Object.keys(asked.properties ?? {}), answers };
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
	async (version) => {
		const parameters = { ...MEDIA, order: fromAi('order'), options: { model: fromAi('model') } };
		const says = { ...links(), order: 'left_right', model: 'infinitetalk480p' };
		const told = await useTool(parameters, [[says]], version);
		expect(told.description).toMatch(/Submit and wait for a video/);
		expect(told.properties).toEqual(Object.keys(says));

		const [job] = emulator.predictions();
		expect(job).toMatchObject({ model: 'wavespeed-ai/infinitetalk/multi' });
		expect(job?.body.order).toBe('left_right');
		expectUploaded(emulator);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });

		expect(told.answers[0]).toContain(job!.videoUrl);
		const run = told.ended.data.resultData.runData[TOOL]?.[0];
		expect(run?.data?.ai_tool?.[0]?.[0]?.binary ?? {}).toEqual({});
		expect(String(itemsOf(told.ended, 'Agent')[0]?.json.output)).toContain(job!.videoUrl);
	},
);

it('without a parameter, the agent’s model fills picture, voices and prompt', async () => {
	const says = { ...links(), prompt: 'Two friends' };
	const { properties } = await useTool({}, [[says]]);
	expect(properties).toEqual(Object.keys(says));
	expect(emulator.predictions()[0]?.inputs.prompt).toBe('Two friends');
	expectUploaded(emulator);
});

it.each([2.2, 3.1])(
	'tells the model of agent %p what failed, which job, and what to do, and is not repeated',
	async (version) => {
		emulator.scriptJob({ end: { status: 'failed', error: 'No face found' }, times: 'always' });
		const options = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const { answers } = await useTool(MEDIA, [[links()]], version, options);
		expect([JSON.parse(answers[0]!)].flat(2)).toEqual([
			expect.objectContaining({
				failed: true,
				message: expect.stringContaining('No face found'),
				id: emulator.predictions()[0]!.id,
				next_step: expect.any(String),
			}),
		]);
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
	},
);

it.each([2.2, 3.1])(
	'keeps all calls of agent %p together within Max Cost per Run',
	async (version) => {
		// Each costs $0.12.
		const parameters = {
			...{ ...MEDIA, prompt: fromAi('prompt'), order: 'left_right' },
			options: { maxCostPerRun: 0.3 },
		};
		const call = (prompt: string) => ({ ...links(), prompt });
		const says = [[call('one')], [call('two'), call('three')], [call('four')]];
		const { answers } = await useTool(parameters, says, version);
		expect(answers.filter((answer) => answer.includes('bring the total'))).toHaveLength(2);
		expect(emulator.billing()).toMatchObject({ submitted: 2, spent: 0.24 });
	},
);

it.each([
	['getPrice', MEDIA, links, () => ({ duration_s: 7.37, balance: 7 })],
	[
		'getMany',
		{ limit: fromAi('limit', 'number'), output: 'selected', fields: ['prompt'] },
		() => ({ limit: 5 }),
		(id: string) => ({ id, prompt: 'Two friends' }),
	],
	[
		'getResult',
		{ predictionId: { __rl: true, mode: 'id', value: fromAi('job_id') } },
		(id: string) => ({ job_id: `https://api.wavespeed.ai/api/v3/predictions/${id}` }),
		(id: string) => ({ id, status: 'completed' }),
	],
])('%s gives the agent a short JSON and costs nothing', async (...given) => {
	const [operation, parameters, says, answers] = given;
	const id = await emulator.addJob({ inputs: { prompt: 'Two friends' }, price: 0.3 });
	const { properties, answers: told } = await useTool({ operation, ...parameters }, [[says(id)]]);
	expect(properties).toEqual(Object.keys(says(id)));
	expect([JSON.parse(told[0]!)].flat(2)).toEqual([expect.objectContaining(answers(id))]);
	expect(emulator.requestsTo('submit')).toEqual([]);
});
