import {
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';

/** What still comes of a body that is not asked for is read and thrown away for so long, so that its sender sees the answer and not a reset. */
const LINGER_MS = 5_000;

/**
 * An answer that closes its connection where it begins before the request's body has come: nobody can hold a connection, or have work done,
 * with a body that is not wanted any more.
 */
export class ClosingResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  override writeHead(
    status: number,
    reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    if (!this.req.complete && announcesBody(this.req)) {
      this.shouldKeepAlive = false;
      linger(this.req);
    }
    return super.writeHead(status, reason as string, headers);
  }
}

/** A request without one is often answered before the parser calls it complete. */
const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Instead of at once, the connection ends when the client has seen that we have ended, or after a while. */
function linger(request: IncomingMessage): void {
  // A request whose reader has given up may have let go of it.
  const socket = request.socket as Socket | null;
  if (!socket) return;
  // This is what Node's server calls after the last answer of a connection.
  socket.destroySoon = () => {
    if (socket.destroyed) return;
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  };
}
