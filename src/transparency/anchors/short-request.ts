import type { IncomingHttpHeaders } from 'node:http';
import { guardedRequest } from '../../support/guarded-request.js';
import type { Reach } from '../../support/reach.js';

const MOST_BYTES = 65_536;

/** Text that is sent to a place outside. */
export interface ShortRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

export interface ShortAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Asks a place outside, and reads a short answer. Rejects where there was none; its reason has no address in it. */
export type SendShort = (address: string, request: ShortRequest) => Promise<ShortAnswer>;

/** Sends to where it may be. */
export function createSendShort(reach: Reach): SendShort {
  return (address, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const all = {
        ...headers,
        'content-length': Buffer.byteLength(body).toString(),
        'user-agent': 'Counterfoil',
      };
      const sent = guardedRequest(reach, new URL(address), { method, headers: all, signal }, (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          parts.push(part);
          bytes += part.length;
          if (bytes > MOST_BYTES) response.destroy(new RangeError('the answer is too long'));
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
}
