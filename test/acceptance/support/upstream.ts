import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

const chatSchema = z.looseObject({
  stream: z.boolean().optional(),
  messages: z.array(z.looseObject({ content: z.string() })).min(1),
});

/** What every answer is said to have used. */
const USAGE = { prompt_tokens: 14, completion_tokens: 18, total_tokens: 32 };

const WORDS = ['Every', ' answer', ' has', ' one', ' charge', '.'];

/** An OpenAI-compatible upstream that keeps books of what it served, and can be told to wait in the middle of its answers. */
export class RecordingUpstream {
  /** Its own id of a call -> the message it was asked, for calls whose answer it began. */
  readonly served = new Map<string, string>();
  /** Answers that wait in the middle: of a stream the first word is out, of JSON nothing. */
  waiting = 0;
  /** Milliseconds between two words of a stream, and before JSON; by what it was asked. */
  pauseMs: (asked: string) => number = () => 0;
  private gate: { readonly opened: Promise<void>; readonly open: () => void } | undefined;
  private readonly server = createServer((request, response) => {
    this.answer(request, response).catch(() => response.destroy());
  });

  /**
   * @param name what its ids of calls begin with
   * @param onServed told of each call whose answer it begins, before the first byte of it
   */
  constructor(
    private readonly name = 'upstream',
    private readonly onServed: (id: string, asked: string) => void = () => undefined,
  ) {}

  /** @param port 0: a free one */
  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** From now on answers stop in the middle until `goOn`. */
  stopInTheMiddle(): void {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.gate ??= { opened, open };
  }

  goOn(): void {
    this.gate?.open();
    this.gate = undefined;
  }

  async close(): Promise<void> {
    this.goOn();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const chat = chatSchema.parse(JSON.parse(Buffer.concat(parts).toString()));
    const id = `${this.name}-${this.served.size + 1}`;
    const asked = chat.messages[0]?.content ?? '';
    this.served.set(id, asked);
    this.onServed(id, asked);
    const middle = () => this.middle(this.pauseMs(asked));
    await (chat.stream === true ? this.stream(response, id, middle) : this.json(response, id, middle));
  }

  private async json(response: ServerResponse, id: string, middle: () => Promise<void>): Promise<void> {
    await middle();
    const message = { role: 'assistant', content: WORDS.join('') };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': id });
    response.end(JSON.stringify({ id, object: 'chat.completion', choices, usage: USAGE }));
  }

  private async stream(response: ServerResponse, id: string, middle: () => Promise<void>): Promise<void> {
    const send = (data: object) =>
      response.write(`data: ${JSON.stringify({ id, object: 'chat.completion.chunk', ...data })}\n\n`);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': id });
    for (const [index, content] of WORDS.entries()) {
      if (index > 0) await middle();
      if (response.destroyed) return;
      send({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
    }
    send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    send({ choices: [], usage: USAGE });
    response.end('data: [DONE]\n\n');
  }

  private async middle(pauseMs: number): Promise<void> {
    if (pauseMs > 0) await wait(pauseMs);
    if (!this.gate) return;
    this.waiting += 1;
    await this.gate.opened;
    this.waiting -= 1;
  }
}
