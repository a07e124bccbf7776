import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Context } from 'koa';
import { HttpFailure, invalidRequest } from '../failure.js';
import { type BodyLimits, codingComplaint } from './body.js';
import { decodedBody } from '../../support/content-coding.js';

/** A request's body as a file that is gone when its handler has ended. */
export interface UploadedFile {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/**
 * Writes the body to a file of its own, in memory that does not depend on its length. Throws 413 for too much, 415 for an unknown
 * coding, 408 when it does not come in time.
 *
 * @param name of the file, without directories: reports name it
 */
export async function receiveFile(ctx: Context, limits: BodyLimits, name: string): Promise<UploadedFile> {
  const directory = await mkdtemp(join(tmpdir(), 'counterfoil-upload-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  const path = join(directory, name);
  try {
    const signal = AbortSignal.timeout(limits.timeoutMs);
    await pipeline(decodedBody(ctx.req), atMost(limits.limitBytes), createWriteStream(path), { signal });
    return { path, remove };
  } catch (error) {
    await remove();
    const failure = codingComplaint(ctx, error);
    if (failure) throw failure;
    if (!(error instanceof HttpFailure))
      throw complaint(408, 'request_timeout', '未完整到达', 'did not arrive completely');
    ctx.set('Connection', 'close');
    throw error;
  }
}

function atMost(limitBytes: number): Transform {
  let received = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      if (received <= limitBytes) return done(null, chunk);
      const most = `${limitBytes}`;
      done(complaint(413, 'request_too_large', `不得大于 ${most} 字节`, `must be at most ${most} bytes`));
    },
  });
}

const complaint = (status: number, code: string, zh: string, en: string): HttpFailure =>
  invalidRequest([{ field: 'body', rule: status === 413 ? 'max' : 'type', text: { zh, en } }], {
    status,
    code,
  });
