import { createHmac, timingSafeEqual } from 'node:crypto';

const SKEW_SECONDS = 300;
const FORM = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

/** `t=<unix seconds>,v1=<HMAC-SHA256 of "<t>.<body>">` */
export function signed(secret: Uint8Array, body: Uint8Array, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000).toString();
  return `t=${seconds},v1=${macOf(secret, seconds, body).toString('hex')}`;
}

/** Old ones are refused, and so are those of the future. */
export function isSigned(
  secret: Uint8Array,
  body: Uint8Array,
  signature: string | undefined,
  now: Date,
): boolean {
  const [, seconds, mac] = FORM.exec(signature ?? '') ?? [];
  if (seconds === undefined || mac === undefined) return false;
  if (Math.abs(now.getTime() / 1000 - Number(seconds)) > SKEW_SECONDS) return false;
  return timingSafeEqual(macOf(secret, seconds, body), Buffer.from(mac, 'hex'));
}

const macOf = (secret: Uint8Array, seconds: string, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
