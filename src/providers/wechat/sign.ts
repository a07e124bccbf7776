import { createDecipheriv, type KeyObject, sign, verify } from 'node:crypto';

// Read on 2026-11-30 in WeChat Pay's own wechatpay-go (6dbd7ce): the texts that are signed, the header, five minutes, and AES-256-GCM with its tag at the end.

const SCHEME = 'WECHATPAY2-SHA256-RSA2048';
const SKEW_SECONDS = 300;
const TAG_BYTES = 16;

export interface SignedRequest {
  readonly method: string;
  /** With its query, without the host. */
  readonly path: string;
  readonly seconds: number;
  readonly nonce: string;
  readonly body: string;
}

export interface Merchant {
  readonly mchid: string;
  /** Of the merchant's certificate, whose key signs. */
  readonly serial: string;
  readonly key: KeyObject;
}

/** The `Authorization` of a request. */
export function authorizationOf(
  { method, path, seconds, nonce, body }: SignedRequest,
  { mchid, serial, key }: Merchant,
): string {
  const text = `${method}\n${path}\n${seconds}\n${nonce}\n${body}\n`;
  const signature = sign('RSA-SHA256', Buffer.from(text), key).toString('base64');
  return `${SCHEME} mchid="${mchid}",nonce_str="${nonce}",timestamp="${seconds}",serial_no="${serial}",signature="${signature}"`;
}

/** WeChat Pay's own key: the number says which it is, `PUB_KEY_ID_…` or that of its certificate. */
export interface PlatformKey {
  readonly serial: string;
  readonly key: KeyObject;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Of an answer as of a notification. Signatures that begin with `WECHATPAY/SIGNTEST/` are sent to see whether they are refused. */
export function isFromWechat(
  headers: Headers,
  body: Buffer,
  { serial, key }: PlatformKey,
  now: Date,
): boolean {
  const [seconds, nonce, signature, signer] = ['timestamp', 'nonce', 'signature', 'serial'].map(
    (name) => headers[`wechatpay-${name}`],
  );
  if (typeof seconds !== 'string' || typeof nonce !== 'string' || typeof signature !== 'string') return false;
  if (signer !== serial || !/^\d{1,12}$/.test(seconds)) return false;
  if (Math.abs(now.getTime() / 1_000 - Number(seconds)) > SKEW_SECONDS) return false;
  const text = Buffer.concat([Buffer.from(`${seconds}\n${nonce}\n`), body, Buffer.from('\n')]);
  return verify('RSA-SHA256', text, key, Buffer.from(signature, 'base64'));
}

export interface Box {
  readonly ciphertext: string;
  readonly nonce: string;
  readonly associated_data?: string | undefined;
}

/** Undefined for what was sealed with another key, or altered. */
export function openBox(
  apiKey: string,
  { ciphertext, nonce, associated_data = '' }: Box,
): string | undefined {
  const bytes = Buffer.from(ciphertext, 'base64');
  if (bytes.length < TAG_BYTES) return undefined;
  try {
    const opening = createDecipheriv('aes-256-gcm', apiKey, nonce, { authTagLength: TAG_BYTES });
    opening.setAAD(Buffer.from(associated_data));
    opening.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([opening.update(bytes.subarray(0, -TAG_BYTES)), opening.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
