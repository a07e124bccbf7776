import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerDecoder } from './type.js';

const NOTHING = Buffer.alloc(0);
const MOST_BYTES = 64 * 1024;

/** A short answer that the dialect reads as something else: an error, a count. */
export class WholeAnswer implements AnswerDecoder {
  readonly headers: IncomingHttpHeaders;
  private readonly parts: Buffer[] = [];
  private bytes = 0;

  /** @param read never throws */
  constructor(
    headers: IncomingHttpHeaders,
    private readonly read: (body: Buffer) => string,
  ) {
    this.headers = { ...headers, 'content-type': 'application/json' };
  }

  push(chunk: Buffer): Buffer {
    this.bytes += chunk.length;
    if (this.bytes > MOST_BYTES) throw new Error('an answer that is short is long');
    this.parts.push(chunk);
    return NOTHING;
  }

  finish(): Buffer {
    return Buffer.from(this.read(Buffer.concat(this.parts)));
  }
}

/** The members of a JSON object; none where it is something else. */
export function membersIn(body: Buffer | string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
