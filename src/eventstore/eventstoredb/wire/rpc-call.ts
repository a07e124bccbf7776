import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import { NotReached } from '../failures.js';
import { failureIn, RpcFailure } from './rpc-failure.js';

/** Told of what comes. Once `onEnd` was called, nothing else is. */
export interface CallListener {
  /** One whole message, only valid until it returns where it is not kept as it is: it is a part of what the connection brought. */
  readonly onMessage: (message: Buffer) => void;
  /** Without an error when the server says that all is well. */
  readonly onEnd: (error?: Error) => void;
}

const FRAME_BYTES = 5;
/** Twice what servers can be told to take as one append: a longer one would be kept for as long as it comes. */
const LONGEST_MESSAGE_BYTES = 32 * 1024 * 1024;
const CANCELLED = 1;
const UNAVAILABLE = 14;

/** One call of gRPC on a stream of HTTP/2: cuts what comes into messages, and reads how it ended. */
export class RpcCall {
  private rest: Buffer | undefined;
  private failure: Error | undefined;
  private over = false;
  /** Whether the server said how it ended. */
  private status = false;
  private gathering = false;

  constructor(
    private readonly stream: ClientHttp2Stream,
    private readonly listener: CallListener,
  ) {
    stream.on('response', (headers) => this.hear(headers));
    stream.on('trailers', (trailers: IncomingHttpHeaders) => this.hear(trailers));
    stream.on('data', (chunk: Buffer) => this.take(chunk));
    // The server is done with it; our own side is open where there was more to send.
    stream.on('end', () => {
      this.end();
      if (!stream.writableEnded) stream.close(constants.NGHTTP2_CANCEL);
    });
    stream.on('error', (error: Error) => (this.failure ??= endOf(error, stream.rstCode)));
    stream.on('close', () => this.end());
  }

  /**
   * Frames of one turn go out together: to hand one over costs more than its bytes do.
   * @param frame of a message, with its length before it
   */
  send(frame: Buffer): void {
    if (this.over) return;
    if (!this.gathering) {
      this.gathering = true;
      this.stream.cork();
      process.nextTick(() => {
        this.gathering = false;
        this.stream.uncork();
      });
    }
    this.stream.write(frame);
  }

  /** The last one: nothing is sent any more. */
  sendLast(frame: Buffer): void {
    this.stream.end(frame);
  }

  /** Ends it on both sides; the listener is told nothing more. */
  cancel(): void {
    this.over = true;
    this.stream.close(constants.NGHTTP2_CANCEL);
  }

  private take(chunk: Buffer): void {
    const bytes = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = undefined;
    let at = 0;
    try {
      for (; !this.over && bytes.length - at >= FRAME_BYTES;) {
        if (bytes[at] !== 0)
          throw new Error('the event store sent a compressed message without being asked to');
        const length = bytes.readUInt32BE(at + 1);
        if (length > LONGEST_MESSAGE_BYTES)
          throw new Error(`the event store announces a message of ${length} bytes, which no event is`);
        const end = at + FRAME_BYTES + length;
        if (end > bytes.length) break;
        this.listener.onMessage(bytes.subarray(at + FRAME_BYTES, end));
        at = end;
      }
    } catch (error) {
      this.end(error instanceof Error ? error : new Error(String(error)));
      return this.cancel();
    }
    if (at < bytes.length) this.rest = at === 0 ? bytes : bytes.subarray(at);
  }

  private hear(headers: IncomingHttpHeaders): void {
    this.failure ??= failureIn(headers);
    this.status ||= headers['grpc-status'] !== undefined;
  }

  private end(error = this.failure ?? (this.status ? undefined : brokenOff())): void {
    if (this.over) return;
    this.over = true;
    this.listener.onEnd(error);
  }
}

/** How the connection ended the call, where it says more than that. */
function endOf(error: Error, code: number | undefined): Error {
  if (code === constants.NGHTTP2_REFUSED_STREAM)
    return new NotReached('the event store takes no more calls on this connection', { cause: error });
  // It takes none from now on, whatever is asked.
  if (code === constants.NGHTTP2_ENHANCE_YOUR_CALM) return new RpcFailure(error.message, UNAVAILABLE);
  return error;
}

/** Nobody said how it ended. */
const brokenOff = (): Error => new RpcFailure('the call to the event store was broken off', CANCELLED);
