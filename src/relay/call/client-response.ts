import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A larger body costs more to copy than to send apart from its head. */
const MAX_IN_ONE_PIECE = 16 * 1024;

/** The client's side of a call: one answer, whole or in pieces, and the news that the client has gone. */
export class ClientResponse {
  /** The client went away before the answer had ended. */
  gone = false;
  /** When the client stopped taking what it was sent; undefined while it takes. Milliseconds of performance.now(). */
  stalledSinceMs: number | undefined;
  /** What the caller's dialect calls `x-request-id`, where it is something else. */
  requestIdHeader: string | undefined;
  private over = false;
  private onGone: (() => void) | undefined;
  private onDrained: (() => void) | undefined;

  constructor(
    private readonly response: ServerResponse,
    readonly requestId: string,
  ) {
    response.on('close', () => {
      if (this.over) return;
      this.gone = true;
      this.stalledSinceMs = undefined;
      this.onGone?.();
    });
    response.on('drain', () => {
      this.stalledSinceMs = undefined;
      this.onDrained?.();
    });
    // A write after the client has gone fails; 'close' says so already.
    response.on('error', () => undefined);
  }

  get begun(): boolean {
    return this.response.headersSent;
  }

  /** Who is told from now on; one listener of each kind. */
  listen(onGone: () => void, onDrained: () => void): void {
    this.onGone = onGone;
    this.onDrained = onDrained;
  }

  /** Headers of whatever the answer will be. */
  annotate(headers: Readonly<Record<string, string>>): void {
    if (this.begun || this.gone) return;
    for (const [name, value] of Object.entries(headers)) this.response.setHeader(name, value);
  }

  /** The whole answer. */
  send(status: number, headers: OutgoingHttpHeaders, body: Buffer): void {
    if (this.gone || this.over) return;
    this.over = true;
    this.identify(headers);
    headers['content-length'] = body.length;
    this.response.writeHead(status, headers);
    // Text in a one-byte encoding leaves together with the head, in one piece; a buffer would be a second one.
    if (body.length <= MAX_IN_ONE_PIECE) this.response.end(body.toString('latin1'), 'latin1');
    else this.response.end(body);
  }

  /** The head of an answer that comes in pieces. */
  begin(headers: OutgoingHttpHeaders): void {
    if (this.gone || this.begun) return;
    this.identify(headers);
    this.response.writeHead(200, headers);
  }

  /** False when the client takes no more for now: wait for `onDrained`. */
  write(bytes: Buffer): boolean {
    if (this.gone || this.over) return true;
    const taken = this.response.write(bytes);
    if (!taken) this.stalledSinceMs ??= performance.now();
    return taken;
  }

  end(bytes: Buffer): void {
    if (this.gone || this.over) return;
    this.over = true;
    this.response.end(bytes);
  }

  /** Breaks the connection: the client has stalled. */
  destroy(): void {
    this.response.destroy();
  }

  private identify(headers: OutgoingHttpHeaders): void {
    headers['x-request-id'] = this.requestId;
    if (this.requestIdHeader) headers[this.requestIdHeader] = this.requestId;
  }
}
