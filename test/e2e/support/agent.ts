import type { StoredCredential, StoredWorkflow } from '../../testbed/n8n';
import type { Testbed } from '../../testbed/testbed';
import { NODE_TYPE_VERSION, PACKAGE } from '../../testbed/video-node';
import { chain, manualTrigger, node, workflow, type Parameters } from '../../testbed/workflow';

/** Name of our node in {@link createAgent}. */
export const TOOL = 'Talking video';

export interface AgentOptions {
	readonly agentVersion: number;
	/** Credential of a chat model. */
	readonly openAi: StoredCredential;
	/** Of our node. */
	readonly parameters: Parameters;
}

/** An AI Agent with a chat model and our node as its tool. */
export async function createAgent(
	{ client, credential }: Testbed,
	{ agentVersion, openAi, parameters }: AgentOptions,
): Promise<StoredWorkflow> {
	const prompt = { promptType: 'define', text: 'Make a video of these two', options: {} };
	const agent = node('Agent', '@n8n/n8n-nodes-langchain.agent', prompt, {
		typeVersion: agentVersion,
	});
	const chat = node(
		'Model',
		'@n8n/n8n-nodes-langchain.lmChatOpenAi',
		{ model: { __rl: true, mode: 'id', value: 'scripted' }, options: {} },
		{ typeVersion: 1.2, use: [openAi] },
	);
	const tool = node(TOOL, `${PACKAGE}.waveSpeedInfiniteTalkTool`, parameters, {
		typeVersion: NODE_TYPE_VERSION,
		use: [credential],
	});
	const flow = workflow('Agent', ...chain(manualTrigger(), agent));
	const feed = (type: 'ai_tool' | 'ai_languageModel') => ({
		[type]: [[{ node: agent.name, type, index: 0 }]],
	});
	return await client.createWorkflow({
		...flow,
		nodes: [...flow.nodes, chat, tool],
		connections: {
			...flow.connections,
			[chat.name]: feed('ai_languageModel'),
			[tool.name]: feed('ai_tool'),
		},
	});
}
