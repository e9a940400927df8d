/** What costs nothing, as a tool of an AI agent: prices, jobs and the account. */
import { describe, expect, it } from '@jest/globals';
import type { Parameters } from '../testbed/workflow';
import { startChatModel, toolAnswers } from './stubs/chat-model';
import { createAgent } from './support/agent';
import { useTestbed } from '../testbed/jest/use-testbed';
import { media } from '../testbed/video-node';

const testbed = useTestbed({ emulator: { readInputs: false, balance: 7.3 } });
const { client, emulator } = testbed;

const LINKS = {
	image: 'https://media.example/pair.png',
	left_audio: 'https://media.example/left.mp3',
	right_audio: 'https://media.example/right.mp3',
};
const fromAi = (name: string, type = 'string') => `={{ $fromAI('${name}', '', '${type}') }}`;
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
		parameters: {
			image: media('url', fromAi('image')),
			leftAudio: media('url', fromAi('left_audio')),
			rightAudio: media('url', fromAi('right_audio')),
		},
		says: () => LINKS,
		answers: () => ({ estimated_cost: 0.075, is_floor_price: true, balance: 7 }),
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

describe('as a tool', () => {
	it.each(CASES)('$operation gives the agent a short JSON and no file', async (each) => {
		const { operation, parameters, says, answers, isWhole } = each;
		const id = await emulator.addJob({ inputs: { prompt: 'Two friends' }, price: 0.3 });
		const model = await startChatModel(says(id));
		try {
			const data = { apiKey: 'sk-none', url: model.url };
			const openAi = await client.createCredential('openAiApi', data);
			const flow = await createAgent(testbed, {
				agentVersion: 3.1,
				openAi,
				parameters: { operation, ...parameters },
			});
			await client.waitFor(await client.run(flow.id, 'Start'), ['success']);

			const [asked, told] = model.requests;
			const properties = asked?.tools?.[0]?.function.parameters.properties ?? {};
			expect(Object.keys(properties)).toEqual(Object.keys(says(id)));
			const [answer = ''] = toolAnswers(told!);
			const answered = answers(id);
			expect([JSON.parse(answer)].flat(2)).toEqual([
				isWhole ? answered : expect.objectContaining(answered),
			]);
			expect(answer.length).toBeLessThan(1_000);
			expect(emulator.requestsTo('submit', 'download')).toEqual([]);
		} finally {
			await model.close();
		}
	});
});
