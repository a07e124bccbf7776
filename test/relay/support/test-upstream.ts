import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UpstreamRequestSeen {
  readonly headers: IncomingMessage['headers'];
  readonly url: string;
  readonly raw: Buffer;
  /** Empty where it was no JSON. */
  readonly body: Record<string, unknown>;
}

export type Behaviour = (response: ServerResponse, request: UpstreamRequestSeen) => void | Promise<void>;

/** An upstream that behaves as each test wants, and remembers what it was asked. */
export interface TestUpstream {
  readonly url: string;
  readonly seen: UpstreamRequestSeen[];
  /** Requests whose connection the caller broke before the answer was whole. */
  aborted: number;
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

export async function startTestUpstream(first: Behaviour): Promise<TestUpstream> {
  let behaviour = first;
  const seen: UpstreamRequestSeen[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const raw = Buffer.concat(parts);
      const noted = {
        headers: request.headers,
        url: request.url ?? '',
        raw,
        body: raw[0] === 0x7b ? JSON.parse(raw.toString()) : {},
      };
      seen.push(noted);
      response.on('close', () => {
        if (!response.writableFinished) upstream.aborted++;
      });
      void behaviour(response, noted);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const upstream: TestUpstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    aborted: 0,
    behave(next) {
      behaviour = next;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return upstream;
}

export interface UsageOfTest {
  prompt_tokens: number;
  completion_tokens: number;
  prompt_tokens_details?: { cached_tokens: number };
}

export function completion(content: string, usage?: UsageOfTest | null, more: object = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: 'upstream-model',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      ...(usage === undefined ? {} : { usage }),
      ...more,
    }),
  );
}

export const answerJson =
  (body: Buffer | string, status = 200, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };

export const frame = (payload: unknown) =>
  `data: ${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n\n`;
export const delta = (content: string, finish: string | null = null, index = 0) =>
  frame({
    id: 'c',
    object: 'chat.completion.chunk',
    choices: [{ index, delta: content ? { content } : {}, finish_reason: finish }],
  });
export const usageChunk = (usage: UsageOfTest) =>
  frame({ id: 'c', object: 'chat.completion.chunk', choices: [], usage });
export const DONE = frame('[DONE]');

/** Writes the pieces one by one; what happens after them is up to `after`. */
export const stream =
  (pieces: readonly string[], after: 'end' | 'destroy' | 'hang' = 'end'): Behaviour =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'upstream-7' });
    response.flushHeaders();
    for (const piece of pieces) {
      if (response.destroyed) return;
      await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    }
    if (after === 'end') response.end();
    // Behind the pieces on the same connection, so that they arrive before the reset.
    else if (after === 'destroy') setImmediate(() => response.destroy());
  };
