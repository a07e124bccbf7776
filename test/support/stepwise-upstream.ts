import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

/** An OpenAI-compatible upstream that streams one word and then waits to be told to go on. */
export class StepwiseUpstream {
  private readonly server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.write(response, { choices: [{ index: 0, delta: { role: 'assistant', content: 'Hello' } }] });
    this.open.push(response);
  });
  readonly open: ServerResponse[] = [];

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** Ends every open answer: a finish, the usage (10 prompt, 5 completion tokens), `[DONE]`. */
  finish(): void {
    for (const response of this.open.splice(0)) {
      this.write(response, { choices: [{ index: 0, delta: { content: ' world' }, finish_reason: 'stop' }] });
      this.write(response, {
        choices: [],
        usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
      });
      response.end('data: [DONE]\n\n');
    }
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private write(response: ServerResponse, chunk: object): void {
    const frame = {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'gpt-4o',
      ...chunk,
    };
    response.write(`data: ${JSON.stringify(frame)}\n\n`);
  }
}
