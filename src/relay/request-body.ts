import type { IncomingMessage } from 'node:http';
import { CallRefused, type RelayError } from './errors.js';

/** After a refusal for its size the rest of a body is read and thrown away for so long, so that the client sees the answer and not a reset. */
const DISCARD_MS = 5_000;

/** Looks at a body while it comes. */
export interface BodyWatch {
  /** @throws CallRefused for a body that is not worth waiting for */
  push(chunk: Buffer): void;
}

/** A client's JSON on its way in: whole, bounded in size and in what it takes to parse it, and to be given up from outside when it takes too long. */
export class RequestBody {
  readonly whole: Promise<Buffer>;
  private fail!: (error: Error) => void;

  constructor(request: IncomingMessage, limitBytes: number, scan: BodyWatch) {
    this.whole = new Promise((resolve, reject) => {
      this.fail = reject;
      let parts: Buffer[] = [];
      let bytes = 0;
      const refuse = (error: Error) => {
        request.off('data', onData);
        parts = [];
        discardRest(request);
        reject(error);
      };
      const tooLarge = () => refuse(new CallRefused({ code: 'request_too_large', limitBytes }));
      const onData = (part: Buffer) => {
        parts.push(part);
        bytes += part.length;
        if (bytes > limitBytes) {
          tooLarge();
          return;
        }
        try {
          scan.push(part);
        } catch (error) {
          refuse(error instanceof Error ? error : new Error('the body cannot be read', { cause: error }));
        }
      };
      request.on('error', () => reject(new ClientGone()));
      request.on('close', () => {
        // Errors are dear, and every request closes.
        if (!request.complete) reject(new ClientGone());
      });
      if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
        tooLarge();
        return;
      }
      request.on('data', onData);
      request.on('end', () => {
        resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts));
        // The request outlives its body, and its listeners with it.
        parts = [];
      });
    });
  }

  /** It is not waited for any longer. */
  expire(refusal: RelayError): void {
    this.fail(new CallRefused(refusal));
  }
}

/** The client has closed its connection: nobody is left to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** Reads and throws away what still comes of a body that was refused. */
export function discardRest(request: IncomingMessage): void {
  request.resume();
  const timer = setTimeout(() => request.destroy(), DISCARD_MS);
  timer.unref();
  request.once('close', () => clearTimeout(timer));
}
