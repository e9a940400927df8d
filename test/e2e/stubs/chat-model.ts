import { startStub } from '../../fixtures/stub-server';

export interface ChatTool {
	readonly function: {
		readonly name: string;
		readonly description?: string;
		readonly parameters: { readonly properties?: Record<string, { description?: string }> };
	};
}

export type ToolArguments = Record<string, unknown>;

interface ChatMessage {
	readonly role: string;
	readonly content?: unknown;
}

export interface ChatRequest {
	readonly messages: readonly ChatMessage[];
	readonly tools?: readonly ChatTool[];
}

/** A chat model of the OpenAI kind on this machine, which does what its script says. */
export interface ChatModel {
	/** Base URL for the credential. */
	readonly url: string;
	readonly requests: readonly ChatRequest[];
	close(): Promise<void>;
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
	const { url, close } = await startStub(({ body }) => {
		const request = JSON.parse(body.toString() || '{"messages":[]}') as ChatRequest;
		requests.push(request);
		return { body: completion(answer(request)) };
	});
	return { url: `${url}/v1`, requests, close };
}

/** What the tools answered, as the model got it. */
export function toolAnswers({ messages }: ChatRequest): string[] {
	return messages.filter(({ role }) => role === 'tool').map(({ content }) => asText(content));
}

function reply(body: ChatRequest, steps: readonly ToolArguments[][]): object {
	const told = toolAnswers(body);
	const isNext = (index: number) => steps.slice(0, index).flat().length === told.length;
	const step = steps.find((_, index) => isNext(index));
	if (!step) return { role: 'assistant', content: `The tool said: ${told.join(' ')}` };
	const name = body.tools?.[0]?.function.name ?? 'missing';
	const calls = step.map((toolArguments, index) => ({
		id: `call_${told.length + index}`,
		type: 'function',
		function: { name, arguments: JSON.stringify(toolArguments) },
	}));
	return { role: 'assistant', content: null, tool_calls: calls };
}

function completion(message: object): object {
	const reason = 'tool_calls' in message ? 'tool_calls' : 'stop';
	return {
		id: 'chatcmpl-1',
		object: 'chat.completion',
		created: 1,
		model: 'scripted',
		choices: [{ index: 0, message, finish_reason: reason }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

function asText(content: unknown): string {
	return typeof content === 'string' ? content : JSON.stringify(content);
}
