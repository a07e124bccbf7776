import { guardedRequest } from '../../support/guarded-request.js';
import type { Reach } from '../../support/reach.js';
import type { PostText } from './witness-anchor.js';

const MOST_BYTES = 65_536;

/** Posts text to where it may be, and reads a short answer. */
export function createPostText(reach: Reach): PostText {
  return (address, body, signal) =>
    new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'text/plain; charset=utf-8',
        'content-length': Buffer.byteLength(body).toString(),
        'user-agent': 'Counterfoil',
      };
      const sent = guardedRequest(
        reach,
        new URL(address),
        { method: 'POST', headers, signal },
        (response) => {
          const parts: Buffer[] = [];
          let bytes = 0;
          response.on('data', (part: Buffer) => {
            parts.push(part);
            bytes += part.length;
            if (bytes > MOST_BYTES) response.destroy(new RangeError('the answer is too long'));
          });
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
}
