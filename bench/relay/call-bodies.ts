import type { ConvertibleProtocol } from '../../src/domain/channel/conversion.js';
import { requestBody, USAGE } from './traffic.js';

/** How a question is put in each protocol, and where. */
export interface Asking {
  readonly path: (model: string) => string;
  /** Its name stands in the path, or here. */
  readonly body: (model: string) => Buffer;
}

/** Of the size that the traffic is named for, whatever the protocol. */
const TEXT = (JSON.parse(requestBody('json-1k').toString()) as { messages: readonly { content: string }[] })
  .messages[0]?.content as string;
const LIMIT = 256;
const asJson = (body: object): Buffer => Buffer.from(JSON.stringify(body));
const messages = [{ role: 'user', content: TEXT }];

/** The same question in the words of each. */
export const wholeQuestions: Readonly<Record<ConvertibleProtocol, Asking>> = {
  chat: {
    path: () => '/v1/chat/completions',
    body: (model) => asJson({ model, messages, max_tokens: LIMIT }),
  },
  messages: {
    path: () => '/v1/messages',
    body: (model) => asJson({ model, messages, max_tokens: LIMIT }),
  },
  responses: {
    path: () => '/v1/responses',
    body: (model) => asJson({ model, input: messages, max_output_tokens: LIMIT, store: false }),
  },
  generate: {
    path: (model) => `/v1beta/models/${model}:generateContent`,
    body: () =>
      asJson({
        contents: [{ role: 'user', parts: [{ text: TEXT }] }],
        generationConfig: { maxOutputTokens: LIMIT },
      }),
  },
};

const ANSWER = 'All is well. '.repeat(58);
const { prompt_tokens, completion_tokens, total_tokens } = USAGE;

/** The same answer of an upstream of each. */
export const wholeAnswers: Readonly<Record<ConvertibleProtocol, Buffer>> = {
  chat: asJson({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1,
    model: 'bench',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: ANSWER } }],
    usage: USAGE,
  }),
  messages: asJson({
    id: 'msg_bench',
    type: 'message',
    role: 'assistant',
    model: 'bench',
    content: [{ type: 'text', text: ANSWER }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: prompt_tokens, output_tokens: completion_tokens },
  }),
  responses: asJson({
    id: 'resp_bench',
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: 'bench',
    output: [
      {
        id: 'msg_bench',
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: ANSWER, annotations: [] }],
      },
    ],
    usage: { input_tokens: prompt_tokens, output_tokens: completion_tokens, total_tokens },
  }),
  generate: asJson({
    candidates: [{ index: 0, finishReason: 'STOP', content: { role: 'model', parts: [{ text: ANSWER }] } }],
    usageMetadata: {
      promptTokenCount: prompt_tokens,
      candidatesTokenCount: completion_tokens,
      totalTokenCount: total_tokens,
    },
    modelVersion: 'bench',
    responseId: 'bench',
  }),
};

/** By the address that an upstream is asked at; undefined: it is none of a call. */
export function protocolOf(path: string): ConvertibleProtocol | undefined {
  if (path.endsWith('/chat/completions')) return 'chat';
  if (path.endsWith('/messages')) return 'messages';
  if (path.endsWith('/responses')) return 'responses';
  return path.includes(':generateContent') ? 'generate' : undefined;
}
