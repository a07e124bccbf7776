import type { Behaviour } from './test-upstream.js';

/** Shapes of Anthropic's answers, written after its reference. */

export interface AnthropicUsage {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
  cache_creation?: { ephemeral_5m_input_tokens: number; ephemeral_1h_input_tokens: number } | null;
  output_tokens_details?: { thinking_tokens: number } | null;
}

export function message(content: unknown[], usage: AnthropicUsage | undefined, more: object = {}): object {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'upstream-model',
    content,
    stop_reason: 'end_turn',
    stop_sequence: null,
    ...(usage ? { usage } : {}),
    ...more,
  };
}

export const text = (value: string) => ({ type: 'text', text: value });

export const event = (type: string, fields: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

export const messageStart = (usage: object) =>
  event('message_start', { message: message([], undefined, { stop_reason: null, usage }) });

export const blockStart = (block: object, index = 0) =>
  event('content_block_start', { index, content_block: block });

export const blockStop = (index = 0) => event('content_block_stop', { index });

export const blockDelta = (delta: object, index = 0) => event('content_block_delta', { index, delta });

export const textDelta = (value: string) => blockDelta({ type: 'text_delta', text: value });

export const messageDelta = (usage: object | undefined, stopReason: string | null = 'end_turn') =>
  event('message_delta', {
    delta: { stop_reason: stopReason, stop_sequence: null },
    ...(usage ? { usage } : {}),
  });

export const messageStop = event('message_stop');
export const ping = event('ping');

export const anthropicError = (type: string, text: string) => ({
  type: 'error',
  error: { type, message: text },
  request_id: 'req_upstream',
});

/** A stream of Anthropic's: what goes before the end, and the end. */
export const textStream = (words: readonly string[], usage: AnthropicUsage): string[] => {
  const { output_tokens, ...prompt } = usage;
  return [
    messageStart({ ...prompt, output_tokens: 1 }),
    blockStart(text('')),
    ping,
    ...words.map(textDelta),
    blockStop(),
    messageDelta({ output_tokens }),
    messageStop,
  ];
};

export const answerMessage =
  (body: object, status = 200, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'request-id': 'req_upstream',
      ...headers,
    });
    response.end(JSON.stringify(body));
  };
