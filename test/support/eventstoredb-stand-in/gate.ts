import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * The door clients come through: passes bytes to the server behind it and can do to a connection what networks do.
 * The port stays the same while the server behind is replaced.
 */
export class Gate {
  private readonly pairs = new Set<Pair>();
  private door: Server | undefined;
  private doorPort = 0;
  private target = 0;
  private halfClosing = false;
  private stopped = false;
  /** Connections that were ever made. */
  entered = 0;

  get port(): number {
    return this.doorPort;
  }

  /** @param port 0 for a new one */
  async open(target: number, port: number): Promise<void> {
    this.target = target;
    this.door = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.enter(client));
    this.door.listen(port, '127.0.0.1');
    await once(this.door, 'listening');
    this.doorPort = (this.door.address() as AddressInfo).port;
  }

  async shut(): Promise<void> {
    const door = this.door;
    this.door = undefined;
    if (door === undefined) return;
    const closed = once(door, 'close');
    door.close();
    this.dropAll();
    await closed;
  }

  dropAll(): void {
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
    this.pairs.clear();
  }

  /** Nothing moves any more on the connections of now, and neither side is told. @param alsoNew on those to come as well */
  freeze(alsoNew = false): void {
    this.stopped = alsoNew;
    for (const { client, server } of this.pairs) {
      client.unpipe().pause();
      server.unpipe().pause();
    }
  }

  /** What the server says on the connections of now waits. Answers the way to let it go. */
  hold(): () => void {
    const held = [...this.pairs];
    for (const { client, server } of held) server.unpipe(client).pause();
    return () => {
      for (const { client, server } of held) if (!client.destroyed) server.pipe(client);
    };
  }

  halfClose(on: boolean): void {
    this.halfClosing = on;
    if (on) for (const pair of this.pairs) endOurSide(pair);
  }

  private enter(client: Socket): void {
    this.entered += 1;
    const server = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    const pair = { client, server };
    this.pairs.add(pair);
    for (const socket of [client, server]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.pairs.delete(pair);
        client.destroy();
        server.destroy();
      });
    }
    if (this.stopped) return;
    if (this.halfClosing) return endOurSide(pair);
    client.pipe(server);
    server.pipe(client);
  }
}

function endOurSide({ client, server }: Pair): void {
  client.unpipe(server);
  server.unpipe(client);
  client.resume();
  client.end();
}
