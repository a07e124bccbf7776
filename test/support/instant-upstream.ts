import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

/** An OpenAI-compatible upstream that answers at once, JSON or stream as asked, and always uses 10 and 5 tokens. */
export class InstantUpstream {
  private readonly server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { stream } = JSON.parse(Buffer.concat(parts).toString()) as { stream?: boolean };
      this.calls += 1;
      if (!stream) {
        const choices = [
          { index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' },
        ];
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({ id: 'x', object: 'chat.completion', model: 'gpt-4o', choices, usage: USAGE }),
        );
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const frame = (chunk: object) =>
        response.write(
          `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model: 'gpt-4o', ...chunk })}\n\n`,
        );
      frame({ choices: [{ index: 0, delta: { role: 'assistant', content: 'Hello' } }] });
      setTimeout(() => {
        frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
        frame({ choices: [], usage: USAGE });
        response.end('data: [DONE]\n\n');
      }, 5);
    });
  });
  calls = 0;

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
