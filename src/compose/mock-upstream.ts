import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface MockUpstreamOptions {
  /** 0: any free port. */
  readonly port?: number;
  /** Before the first byte of an answer. */
  readonly latencyMs?: number;
  /** Between two words of a stream. */
  readonly wordMs?: number;
}

export interface MockUpstream {
  /** The channel's `base_url`. */
  readonly baseUrl: string;
  /** Calls answered so far. */
  readonly answered: number;
  close(): Promise<void>;
}

interface Chat {
  readonly model: string;
  readonly messages: readonly { readonly content?: unknown }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly max_tokens?: number;
}

const WORDS = 'Every payment is exactly one credit , and every completed answer exactly one charge .'.split(
  ' ',
);

/**
 * A model that is none, for demonstrations and first calls: speaks OpenAI's chat completions, JSON and SSE with usage, says the same sentence to everybody and
 * counts a word as a token. Listens on the loopback address only.
 */
export async function startMockUpstream(options: MockUpstreamOptions = {}): Promise<MockUpstream> {
  let answered = 0;
  const server = createServer((request, response) => {
    answer(request, response, options).then(
      () => answered++,
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get answered() {
      return answered;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { latencyMs = 0, wordMs = 0 }: MockUpstreamOptions,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
    return sendJson(response, 404, { error: { message: 'not found', type: 'invalid_request_error' } });
  }
  const chat = JSON.parse(Buffer.concat(parts).toString()) as Chat;
  if (latencyMs > 0) await wait(latencyMs);
  const words = WORDS.slice(0, chat.max_tokens ?? WORDS.length);
  const prompt_tokens = chat.messages.reduce((sum, { content }) => sum + wordsIn(content), 0);
  const usage = {
    prompt_tokens,
    completion_tokens: words.length,
    total_tokens: prompt_tokens + words.length,
  };
  const finish_reason = words.length < WORDS.length ? 'length' : 'stop';
  const id = `chatcmpl-mock-${Date.now().toString(36)}`;
  const head = { id, created: Math.floor(Date.now() / 1000), model: chat.model };
  if (chat.stream !== true) {
    const message = { role: 'assistant', content: words.join(' ') };
    const choices = [{ index: 0, message, finish_reason }];
    return sendJson(response, 200, { ...head, object: 'chat.completion', choices, usage });
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': id });
  const send = (data: unknown) =>
    response.write(
      `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...(data as object) })}\n\n`,
    );
  for (const [index, word] of words.entries()) {
    if (response.destroyed) return;
    const delta = index === 0 ? { role: 'assistant', content: word } : { content: ` ${word}` };
    send({ choices: [{ index: 0, delta, finish_reason: null }] });
    if (wordMs > 0) await wait(wordMs);
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason }] });
  if (chat.stream_options?.include_usage === true) send({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}

function wordsIn(content: unknown): number {
  if (typeof content === 'string') return content.split(/\s+/).filter((word) => word !== '').length;
  return Array.isArray(content) ? content.length : 0;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
