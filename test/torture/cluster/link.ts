import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * When a trigger acts, after the bytes it looks for were seen on their way to the server: `before` they are passed on; at the
 * `answer`, which is not passed on; `after` the answer was passed on.
 */
export type Moment = 'before' | 'answer' | 'after';

export interface Trigger {
  /** Text that is readable in the bytes sent to the server. */
  readonly pattern: string;
  readonly moment: Moment;
  /** Moments later than the first such bytes that count. */
  readonly skip?: number;
  /** `cut` breaks the connection that was seen. */
  readonly act: (cut: () => void) => void;
}

/** One connection may carry answers to other requests: what the server makes of the bytes surely lies behind this. */
const ANSWER_MS = 30;

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  awaiting: Trigger | undefined;
}

/** The network between one process and one server, with the faults that networks have, and eyes for crash points. */
export class Link {
  private readonly pairs = new Set<Pair>();
  private readonly triggers = new Map<Trigger, number>();
  private refusing = false;
  private stalled = false;

  private constructor(
    private readonly target: () => number,
    private readonly door: ReturnType<typeof createServer>,
  ) {
    door.on('connection', (client: Socket) => this.enter(client));
  }

  static async open(target: () => number): Promise<Link> {
    const door = createServer({ noDelay: true });
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    return new Link(target, door);
  }

  get port(): number {
    return (this.door.address() as AddressInfo).port;
  }

  /** Acts once, when it is seen. */
  arm(trigger: Trigger): void {
    this.triggers.set(trigger, trigger.skip ?? 0);
  }

  disarm(trigger: Trigger): void {
    this.triggers.delete(trigger);
  }

  cut(): void {
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** Breaks what is open and lets nobody in. */
  refuse(refusing: boolean): void {
    this.refusing = refusing;
    if (refusing) this.cut();
  }

  /** Connections stay open, old and new, and nothing moves on them. */
  stall(stalled: boolean): void {
    this.stalled = stalled;
    for (const { client, server } of this.pairs) {
      for (const socket of [client, server]) {
        if (stalled) socket.pause();
        else socket.resume();
      }
    }
  }

  async close(): Promise<void> {
    this.cut();
    const closed = once(this.door, 'close');
    this.door.close();
    await closed;
  }

  private enter(client: Socket): void {
    client.on('error', () => undefined);
    if (this.refusing) return void client.destroy();
    const server = connect({ port: this.target(), host: '127.0.0.1', noDelay: true });
    const pair: Pair = { client, server, awaiting: undefined };
    this.pairs.add(pair);
    server.on('error', () => undefined);
    client.on('data', (bytes: Buffer) => this.toServer(pair, bytes));
    server.on('data', (bytes: Buffer) => this.toClient(pair, bytes));
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('drain', () => !this.stalled && to.resume());
      from.on('end', () => to.end());
      from.on('close', () => {
        this.pairs.delete(pair);
        to.destroySoon();
      });
    }
    if (this.stalled) for (const socket of [client, server]) socket.pause();
  }

  private toServer(pair: Pair, bytes: Buffer): void {
    const trigger = this.seen(bytes);
    if (trigger?.moment === 'before') return trigger.act(() => this.cutPair(pair));
    if (trigger) pair.awaiting = trigger;
    if (!pair.server.write(bytes)) pair.client.pause();
  }

  private toClient(pair: Pair, bytes: Buffer): void {
    const { awaiting } = pair;
    if (awaiting?.moment === 'answer') {
      setTimeout(() => awaiting.act(() => this.cutPair(pair)), ANSWER_MS);
      pair.awaiting = undefined;
      // Whatever comes now is not passed on: the act ends the connection or the process.
      pair.server.removeAllListeners('data').resume();
      return;
    }
    if (!pair.client.write(bytes)) pair.server.pause();
    if (awaiting) {
      pair.awaiting = undefined;
      setTimeout(() => awaiting.act(() => this.cutPair(pair)), ANSWER_MS);
    }
  }

  private seen(bytes: Buffer): Trigger | undefined {
    for (const [trigger, skip] of this.triggers) {
      if (!bytes.includes(trigger.pattern)) continue;
      if (skip > 0) {
        this.triggers.set(trigger, skip - 1);
        continue;
      }
      this.triggers.delete(trigger);
      return trigger;
    }
    return undefined;
  }

  private cutPair({ client, server }: Pair): void {
    client.destroy();
    server.destroy();
  }
}
