import type { Reach } from '../../support/reach.js';
import { createSendShort } from './short-request.js';
import type { PostText } from './witness-anchor.js';

/** Posts text to where it may be, and reads a short answer. */
export function createPostText(reach: Reach): PostText {
  const send = createSendShort(reach);
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return (address, body, signal) => send(address, { method: 'POST', headers, body, signal });
}
