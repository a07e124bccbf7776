import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

/** What a call is to use; it stands in the call's own text. */
const script = z.object({
  prompt: z.int(),
  completion: z.int(),
  waitMs: z.int(),
  fails: z.boolean(),
  /** It asks to be left alone so long, and answers nothing. */
  restsSeconds: z.int().optional(),
});
export type Script = z.output<typeof script>;

const body = z.object({
  model: z.string(),
  stream: z.boolean().optional(),
  messages: z.array(z.object({ content: z.string() })).min(1),
});

/** An upstream that uses what it is told to use. */
export class TellingUpstream {
  private constructor(private readonly server: Server) {}

  static async open(): Promise<TellingUpstream> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request
        .on('data', (part: Buffer) => parts.push(part))
        .on('end', () => {
          const { model, messages, stream = false } = body.parse(JSON.parse(Buffer.concat(parts).toString()));
          const { prompt, completion, waitMs, fails, restsSeconds } = script.parse(
            JSON.parse(messages.at(-1)?.content ?? ''),
          );
          void wait(waitMs).then(async () => {
            if (restsSeconds !== undefined) {
              response.writeHead(503, {
                'content-type': 'application/json',
                'retry-after': String(restsSeconds),
              });
              response.end(JSON.stringify(FAILED));
              return;
            }
            if (stream && !fails) {
              response.writeHead(200, { 'content-type': 'text/event-stream' });
              for (const chunk of chunksOf(model, prompt, completion)) {
                response.write(`data: ${chunk}\n\n`);
                await wait(Math.min(waitMs, MOST_BETWEEN_MS));
              }
              response.end('data: [DONE]\n\n');
              return;
            }
            response.writeHead(fails ? 500 : 200, { 'content-type': 'application/json' });
            response.end(JSON.stringify(fails ? FAILED : answered(model, prompt, completion)));
          });
        });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TellingUpstream(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const MOST_BETWEEN_MS = 90;

/** The same as a stream: words, an end, and what it used. */
const chunksOf = (model: string, prompt: number, completion: number): readonly string[] => {
  const chunk = (choices: readonly object[], more: object = {}) =>
    JSON.stringify({
      ...{ id: 'chatcmpl-screens', object: 'chat.completion.chunk', created: 0, model, choices, ...more },
    });
  const words = ['As ', 'it ', 'was ', 'asked.'].map((content) =>
    chunk([{ index: 0, delta: { content }, finish_reason: null }]),
  );
  const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
  return [...words, chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]), chunk([], { usage })];
};

const FAILED = { error: { message: 'The server had an error', type: 'server_error', code: null } };

const answered = (model: string, prompt: number, completion: number) => ({
  id: 'chatcmpl-screens',
  object: 'chat.completion',
  created: 0,
  model,
  choices: [{ index: 0, message: { role: 'assistant', content: 'As it was asked.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
});
