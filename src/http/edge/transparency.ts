import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type RawHandler, TRANSPARENCY } from '../listener.js';

/** What strangers check the ledger's log with: files by their paths, as C2SP's tlog-tiles names them. */
export interface PublicLog {
  checkpoint(): Promise<string | undefined>;
  /** Undefined for what is not there. */
  file(path: string): Promise<Buffer | undefined>;
}

const gzipped = promisify(gzip);
const NEVER_CHANGES = 'public, max-age=31536000, immutable';
const SOON_ANOTHER = 'public, max-age=5';

/** Answers whoever asks, from whatever page. */
export function transparencyHandler(log: PublicLog): RawHandler {
  return (request, response) => {
    const path = new URL(request.url ?? '/', 'http://log').pathname.slice(TRANSPARENCY.length);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response.setHeader('allow', 'GET, HEAD'), 405);
    const accepted = String(request.headers['accept-encoding'] ?? '');
    answer(log, path, { response, mayGzip: /\bgzip\b/.test(accepted) }).catch(() => refuse(response, 503));
  };
}

async function answer(
  log: PublicLog,
  path: string,
  { response, mayGzip }: { readonly response: ServerResponse; readonly mayGzip: boolean },
): Promise<void> {
  const isCheckpoint = path === 'checkpoint';
  const content = isCheckpoint ? await log.checkpoint() : await log.file(path);
  if (content === undefined) return refuse(response, 404);
  // Hashes do not get smaller.
  const isText = isCheckpoint || path.startsWith('tile/entries/');
  const body = isText && mayGzip ? await gzipped(content) : Buffer.from(content);
  response
    .writeHead(200, {
      'content-type': isCheckpoint ? 'text/plain; charset=utf-8' : 'application/octet-stream',
      'content-length': body.length,
      'cache-control': isCheckpoint ? SOON_ANOTHER : NEVER_CHANGES,
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
      ...(isText && { vary: 'accept-encoding' }),
      ...(isText && mayGzip && { 'content-encoding': 'gzip' }),
    })
    .end(body);
}

function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { 'cache-control': 'no-store', 'content-length': 0 }).end();
}
