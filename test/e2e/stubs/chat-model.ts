import { startStub } from '../../fixtures/stub-server';
import type { ServiceStub } from './web-services';

export type ToolArguments = Record<string, unknown>;

interface ChatRequest {
	readonly messages: ReadonlyArray<{ readonly role: string; readonly content?: unknown }>;
	readonly tools?: ReadonlyArray<{
		readonly function: {
			readonly name: string;
			readonly description?: string;
			readonly parameters: { readonly properties?: object };
		};
	}>;
}

/** A chat model of the OpenAI kind on this machine, which does what its script says. */
interface ChatModel extends ServiceStub {
	/** The oldest first. */
	readonly requests: readonly ChatRequest[];
}

/**
 * Calls the first tool with the given arguments, once for each, then ends with the tool's answers in its
 * own.
 *
 * @param steps the calls of each message; those of one message run at the same time
 */
export async function startChatModel(...steps: readonly ToolArguments[][]): Promise<ChatModel> {
	return await serve((request) => reply(request, steps));
}

/** Answers with this text, whatever it is asked. */
export async function startTextModel(content: string): Promise<ChatModel> {
	return await serve(() => ({ role: 'assistant', content }));
}

async function serve(answer: (request: ChatRequest) => object): Promise<ChatModel> {
	const requests: ChatRequest[] = [];
	const stub = await startStub(({ body }) => {
		const request = JSON.parse(body.toString() || '{"messages":[]}') as ChatRequest;
		requests.push(request);
		const message = answer(request);
		const reason = 'tool_calls' in message ? 'tool_calls' : 'stop';
		return {
			body: {
				...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'scripted' },
				choices: [{ index: 0, message, finish_reason: reason }],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			},
		};
	});
	const url = `${stub.url}/v1`;
	return { ...stub, url, credential: ['openAiApi', { apiKey: 'sk-none', url }], requests };
}

/** What the tools answered, as the model got it. */
export function toolAnswers({ messages }: ChatRequest): string[] {
	return messages
		.filter(({ role }) => role === 'tool')
		.map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)));
}

function reply(request: ChatRequest, steps: readonly ToolArguments[][]): object {
	const told = toolAnswers(request);
	const step = steps.find((_, index) => steps.slice(0, index).flat().length === told.length);
	if (!step) return { role: 'assistant', content: `The tool said: ${told.join(' ')}` };
	const name = request.tools?.[0]?.function.name ?? 'missing';
	const calls = step.map((toolArguments, index) => ({
		id: `call_${told.length + index}`,
		type: 'function',
		function: { name, arguments: JSON.stringify(toolArguments) },
	}));
	return { role: 'assistant', content: null, tool_calls: calls };
}
