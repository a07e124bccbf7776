import { NotReachable, type PostJson } from '../../reactions/receivers/signed-post.js';
import { guardedRequest } from '../../support/guarded-request.js';
import { AddressNotAllowed, type Reach } from '../../support/reach.js';

/** Posts to where a webhook may be; what is answered is not read. */
export function createPostJson(reach: Reach): PostJson {
  return (address, body, headers, signal) =>
    new Promise<{ readonly status: number }>((resolve, reject) => {
      const sent = guardedRequest(
        reach,
        new URL(address),
        {
          method: 'POST',
          headers: {
            ...headers,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body).toString(),
            'user-agent': 'Counterfoil',
          },
          signal,
        },
        (response) => {
          response.destroy();
          resolve({ status: response.statusCode ?? 0 });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    }).catch((error: unknown) => {
      throw error instanceof AddressNotAllowed ? new NotReachable('the address is private') : error;
    });
}
