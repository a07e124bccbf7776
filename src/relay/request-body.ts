import type { BodyShare } from './body-budget.js';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { decodedBody, Undecodable, UnknownCoding } from '../support/content-coding.js';
import { CallRefused, type RelayError } from './errors.js';

/** After a refusal for its size the rest of a body is read and thrown away for so long, so that the client sees the answer and not a reset. */
const DISCARD_MS = 5_000;

/** Looks at a body while it comes. */
export interface BodyWatch {
  /** @throws CallRefused for a body that is not worth waiting for */
  push(chunk: Buffer): void;
}

/**
 * A client's JSON on its way in: whole, decoded, bounded in size and in what it takes to parse it, and to be given up from outside when it
 * takes too long.
 */
export class RequestBody {
  readonly whole: Promise<Buffer>;
  private resolve!: (body: Buffer) => void;
  private reject!: (error: Error) => void;
  private source: Readable | undefined;
  private parts: Buffer[] = [];
  private bytes = 0;
  private settled = false;

  constructor(
    private readonly request: IncomingMessage,
    private readonly limitBytes: number,
    private readonly scan: BodyWatch,
    private readonly share: BodyShare,
  ) {
    this.whole = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    request.on('error', () => this.fail(new ClientGone()));
    request.on('close', () => {
      // Errors are dear, and every request closes.
      if (!request.complete) this.fail(new ClientGone());
    });
    this.guarded(() => {
      const announced = Number(request.headers['content-length'] ?? 0);
      if (announced > limitBytes) throw tooLarge(limitBytes);
      share.expect(announced);
      const source = (this.source = decodedBody(request));
      source.on('data', this.onData);
      source.on('end', () => this.complete());
      if (source !== request) source.on('error', (error) => this.fail(refusalOfCoding(error, limitBytes)));
    });
    if (hasBrokenOff(request)) this.fail(new ClientGone());
  }

  /** It is not waited for any longer. */
  expire(refusal: RelayError): void {
    this.fail(new CallRefused(refusal));
  }

  private readonly onData = (part: Buffer): void => this.guarded(() => this.take(part));

  private take(part: Buffer): void {
    this.bytes += part.length;
    if (this.bytes > this.limitBytes) throw tooLarge(this.limitBytes);
    this.share.take(part.length);
    this.scan.push(part);
    this.parts.push(part);
  }

  private complete(): void {
    if (this.settled) return;
    this.settled = true;
    const { parts } = this;
    // The request outlives its body, and its listeners with it.
    this.parts = [];
    this.resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts));
  }

  private guarded(step: () => void): void {
    if (this.settled) return;
    try {
      step();
    } catch (error) {
      this.fail(error instanceof CallRefused ? error : refusalOfCoding(error, this.limitBytes));
    }
  }

  /** What has come is let go, and what still comes is thrown away. */
  private fail(error: Error): void {
    if (this.settled) return;
    this.settled = true;
    this.parts = [];
    this.share.release();
    this.source?.off('data', this.onData);
    if (this.source && this.source !== this.request) this.source.destroy();
    if (!this.request.complete) discardRest(this.request);
    this.reject(error);
  }
}

export const tooLarge = (limitBytes: number): CallRefused =>
  new CallRefused({ code: 'request_too_large', limitBytes });

/** What is wrong with a body that decodedBody does not give. */
export function refusalOfCoding(error: unknown, limitBytes: number): Error {
  if (error instanceof UnknownCoding)
    return new CallRefused({ code: 'unsupported_encoding', coding: error.coding });
  if (!(error instanceof Undecodable)) return new ClientGone();
  const { coding, reason } = error;
  if (reason === 'ratio') return new CallRefused({ code: 'request_too_large', limitBytes, coding });
  const message = `The body in Content-Encoding: ${coding} cannot be decoded.`;
  return new CallRefused({ code: 'invalid_request', message, param: null });
}

/** It was closed before anybody listened: neither its end nor that it has none will be told. */
export const hasBrokenOff = ({ destroyed, complete }: IncomingMessage): boolean => destroyed && !complete;

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
