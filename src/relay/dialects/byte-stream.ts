import type { Usage } from '../../domain/pricing/usage.js';
import type { AnswerStream } from './answer-stream.js';

const NOTHING = Buffer.alloc(0);

/**
 * An answer of plain bytes (sound), whose charge depends on the request only. The last piece is kept back, so that nobody has the whole
 * answer before its charge is durable. Nothing can be said within such bytes: an answer that is cut ends with its connection.
 */
export class ByteStream implements AnswerStream {
  readonly usageIsStale = false;
  readonly error = undefined;
  readonly done = false;
  readonly oversized = false;
  readonly chargedFromFirstByte = true;
  holding = false;
  private last: Buffer = NOTHING;

  constructor(
    readonly contentType: string,
    readonly usage: Usage,
  ) {}

  push(chunk: Buffer): Buffer {
    const before = this.last;
    this.last = chunk;
    return before;
  }

  /** An answer without a byte is none. */
  finish(): Buffer {
    this.holding = this.last.length > 0;
    return NOTHING;
  }

  tail(): Buffer {
    return this.last;
  }

  readTexts(): void {
    // There is no text in it.
  }

  hasContent(passed: Buffer): boolean {
    return passed.length > 0;
  }

  errorFrame(): undefined {
    return undefined;
  }
}
