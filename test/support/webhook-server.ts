import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Somebody who is told by signed posts, in this process, and believes only what is signed with the secret. */
export class WebhookServer {
  readonly received: Readonly<Record<string, unknown>>[] = [];
  /** What is answered instead, while it is set. */
  instead: number | 'nothing' | undefined;
  private readonly server = createServer((request, response) => {
    void text(request).then((body) => {
      const [, at = '', mark = ''] =
        /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request.headers['counterfoil-signature'])) ?? [];
      const isOurs = createHmac('sha256', this.secret).update(`${at}.${body}`).digest('hex') === mark;
      if (isOurs && this.instead === undefined)
        this.received.push(JSON.parse(body) as Record<string, unknown>);
      if (this.instead === 'nothing') return;
      response.writeHead(isOurs ? (this.instead ?? 204) : 403).end();
    });
  });

  constructor(readonly secret: string) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/checkpoints`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
