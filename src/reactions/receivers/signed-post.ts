import { createHmac } from 'node:crypto';
import type { Receipt } from '../outbox/receiver.js';

/** Posts a text to an address of the internet. Rejects where it was not answered; its reason has neither address nor secret in it. */
export type PostJson = (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<{ readonly status: number }>;

/** Nobody can be reached at this address, however often it is tried. */
export class NotReachable extends Error {
  override readonly name = 'NotReachable';
}

const SECOND_MS = 1_000;

/** So that who gets it knows from whom, and when: `v1` is HMAC-SHA256 of `<t>.<body>`. */
export function signed(
  secret: string,
  body: string,
  id: string,
  now: Date,
): Readonly<Record<string, string>> {
  const at = Math.floor(now.getTime() / SECOND_MS);
  const mark = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return { 'counterfoil-delivery': id, 'counterfoil-signature': `t=${at},v1=${mark}` };
}

/** Tells a webhook, and says what it made of it. */
export function postSigned(
  { post, now }: { readonly post: PostJson; readonly now: () => Date },
  { url, secret }: { readonly url: string; readonly secret: string },
  told: { readonly id: string } & Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Receipt> {
  const body = JSON.stringify(told);
  return posted(post, { url, body, headers: signed(secret, body, told.id, now()) }, signal);
}

/** Posts, and says what was made of it. */
export async function posted(
  post: PostJson,
  { url, body, headers }: { url: string; body: string; headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<Receipt> {
  try {
    const { status } = await post(url, body, headers, signal);
    if (status >= 200 && status < 300) return { kind: 'delivered' };
    return status === 410
      ? { kind: 'rejected', reason: 'it is gone' }
      : { kind: 'retry', reason: `it answered ${status}` };
  } catch (error) {
    if (error instanceof NotReachable) return { kind: 'rejected', reason: error.message };
    throw error;
  }
}
