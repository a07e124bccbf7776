import { createHmac, timingSafeEqual } from 'node:crypto';

const SKEW_SECONDS = 300;

/** `t=<unix seconds>,v1=<HMAC-SHA256 of "<t>.<body>">`, perhaps several `v1` while a secret is rolled. */
export function stripeSignature(secret: string, body: string | Uint8Array, seconds: number): string {
  return `t=${seconds},v1=${macOf(secret, String(seconds), body).toString('hex')}`;
}

/** Of the bytes as they came. Too old and too new are refused alike. */
export function isStripeSigned(
  secret: string,
  body: Uint8Array,
  header: string | undefined,
  now: Date,
): boolean {
  if (secret === '') return false;
  const parts = (header ?? '').split(',').map((part) => part.trim().split('='));
  const seconds = parts.find(([name]) => name === 't')?.[1];
  if (seconds === undefined || !/^\d{1,12}$/.test(seconds)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(seconds)) > SKEW_SECONDS) return false;
  const expected = macOf(secret, seconds, body);
  return parts.some(([name, mac = '']) => {
    if (name !== 'v1' || !/^[0-9a-f]{64}$/.test(mac)) return false;
    return timingSafeEqual(expected, Buffer.from(mac, 'hex'));
  });
}

const macOf = (secret: string, seconds: string, body: string | Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
