import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { NotReached } from '../failures.js';
import { RpcCall, type CallListener } from './rpc-call.js';

export interface WireSettings {
  readonly encrypted: boolean;
  /** Certificates that are trusted, in place of the system's. */
  readonly ca: Buffer | undefined;
  /** By which the server knows who calls, where that is not a name and password. */
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  /** Sent with each call. */
  readonly headers: Readonly<Record<string, string>>;
  /** How often an idle connection is asked whether it stands; negative: never. */
  readonly keepAliveMs: number;
  readonly keepAliveTimeoutMs: number;
}

/** What may be under way unread: with the 64 KB of the protocol's default a long read waits for each of our answers. */
const CALL_WINDOW_BYTES = 1024 * 1024;
const SESSION_WINDOW_BYTES = 8 * 1024 * 1024;

const STREAMS = '/event_store.client.streams.Streams/';

/**
 * One connection of HTTP/2 to one server, as much of gRPC as appends and reads need. It is made once and never again: who uses it sees that
 * it was lost.
 */
export class WireSession {
  private keepAlive: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(
    private readonly session: ClientHttp2Session,
    private readonly settings: WireSettings,
    private readonly onLost: () => void,
  ) {
    session.on('goaway', () => this.lost());
    session.on('close', () => this.lost());
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    if (settings.keepAliveMs > 0) this.keepAlive = setInterval(() => this.ask(), settings.keepAliveMs);
    this.keepAlive?.unref();
  }

  /**
   * Resolves once the connection stands, and whatever fails before has certainly reached no server.
   *
   * @param server `host:port`
   * @param onLost told once, unless it was closed before
   */
  static open(
    server: string,
    settings: WireSettings,
    { onLost, signal }: { readonly onLost: () => void; readonly signal: AbortSignal },
  ): Promise<WireSession> {
    return new Promise((resolve, reject) => {
      const session = connect(`${settings.encrypted ? 'https' : 'http'}://${server}`, {
        settings: { initialWindowSize: CALL_WINDOW_BYTES, enablePush: false },
        ...(settings.ca && { ca: settings.ca }),
        ...(settings.cert && settings.key && { cert: settings.cert, key: settings.key }),
      });
      session.on('error', reject);
      session.once('close', () => reject(new Error('the connection was closed before it stood')));
      signal.addEventListener('abort', () => session.destroyed || (session.connecting && session.destroy()));
      session.once('connect', () => {
        // It may have ended in the same moment.
        if (session.destroyed) reject(new Error('the connection ended as soon as it stood'));
        else resolve(new WireSession(session, settings, onLost));
      });
    });
  }

  /**
   * @param method of the service of streams, `Read`
   * @throws NotReached when the connection has ended meanwhile
   */
  call(method: string, listener: CallListener): RpcCall {
    return new RpcCall(this.request(STREAMS + method), listener);
  }

  /** The calls under way finish; a connection that is dead is found out by its keep-alive. */
  close(): void {
    this.closed = true;
    if (!this.session.destroyed) this.session.close();
  }

  private request(path: string): ClientHttp2Stream {
    try {
      return this.session.request({
        [constants.HTTP2_HEADER_METHOD]: 'POST',
        [constants.HTTP2_HEADER_PATH]: path,
        [constants.HTTP2_HEADER_TE]: 'trailers',
        [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
        ...this.settings.headers,
      });
    } catch (cause) {
      throw new NotReached('the connection to the event store has ended', { cause });
    }
  }

  private ask(): void {
    if (this.session.destroyed) return this.lost();
    const late = setTimeout(() => this.session.destroy(), this.settings.keepAliveTimeoutMs);
    late.unref();
    this.session.ping(() => clearTimeout(late));
  }

  private lost(): void {
    if (this.session.destroyed) clearInterval(this.keepAlive);
    if (this.closed) return;
    this.closed = true;
    this.onLost();
  }
}
