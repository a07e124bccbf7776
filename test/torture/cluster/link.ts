import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

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

/** Which way bytes go: to the server, or to the client. */
export type Way = 'questions' | 'answers';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  awaiting: Trigger | undefined;
  /** Of each way: what is still on it. */
  readonly under: Record<Way, Promise<void>>;
  readonly busy: Record<Way, number>;
}

/** The network between one process and one server, with the faults that networks have, and eyes for crash points. */
export class Link {
  private readonly pairs = new Set<Pair>();
  private readonly triggers = new Map<Trigger, number>();
  private readonly disarmed = new WeakSet<Trigger>();
  private refusing = false;
  private stalled = false;
  private delayMs = 0;
  /** The way on which nothing arrives, and what ends that. */
  private readonly closed = new Map<Way, { readonly opened: Promise<void>; readonly open: () => void }>();

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
    this.disarmed.add(trigger);
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

  /** Each piece of what is sent takes so long, either way, and stays in its order. 0: as fast as it is. */
  slow(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** A partition of one way: the other is as it was. What was sent meanwhile arrives afterwards, as TCP sends it again. */
  closeWay(way: Way): void {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.closed.set(way, { opened, open });
  }

  openWay(way: Way): void {
    this.closed.get(way)?.open();
    this.closed.delete(way);
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
    const under = { questions: Promise.resolve(), answers: Promise.resolve() };
    const pair: Pair = { client, server, awaiting: undefined, under, busy: { questions: 0, answers: 0 } };
    this.pairs.add(pair);
    server.on('error', () => undefined);
    client.on('data', (bytes: Buffer) => this.toServer(pair, bytes));
    server.on('data', (bytes: Buffer) => this.toClient(pair, bytes));
    for (const [from, to, way] of [
      [client, server, 'questions'],
      [server, client, 'answers'],
    ] as const) {
      from.on('drain', () => !this.stalled && to.resume());
      from.on('end', () => void pair.under[way].then(() => to.end()));
      from.on('close', () => {
        this.pairs.delete(pair);
        this.lookAgain(pair);
        to.destroySoon();
      });
    }
    if (this.stalled) for (const socket of [client, server]) socket.pause();
  }

  private toServer(pair: Pair, bytes: Buffer): void {
    const trigger = pair.awaiting ? undefined : this.seen(bytes);
    if (trigger?.moment === 'before') return trigger.act(() => this.cutPair(pair));
    if (trigger) pair.awaiting = trigger;
    this.pass(pair, 'questions', bytes);
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
    this.pass(pair, 'answers', bytes);
    if (awaiting) {
      pair.awaiting = undefined;
      setTimeout(() => awaiting.act(() => this.cutPair(pair)), ANSWER_MS);
    }
  }

  private pass(pair: Pair, way: Way, bytes: Buffer): void {
    const [from, to] = way === 'questions' ? [pair.client, pair.server] : [pair.server, pair.client];
    const write = () => void (to.writable && !to.write(bytes) && from.pause());
    const shut = this.closed.get(way);
    const { delayMs } = this;
    if (!shut && delayMs === 0 && !pair.busy[way]) return write();
    pair.busy[way] += 1;
    pair.under[way] = pair.under[way]
      .then(() => shut?.opened)
      .then(() => (delayMs > 0 ? wait(delayMs) : undefined))
      .then(() => {
        pair.busy[way] -= 1;
        write();
      });
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

  /** A connection that ends before its answer, as of a client who leaves, has not shown the moment: the next one may. */
  private lookAgain(pair: Pair): void {
    const { awaiting } = pair;
    pair.awaiting = undefined;
    if (awaiting && !this.disarmed.has(awaiting)) this.triggers.set(awaiting, 0);
  }

  private cutPair({ client, server }: Pair): void {
    client.destroy();
    server.destroy();
  }
}
