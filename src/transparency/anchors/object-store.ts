import { createHash } from 'node:crypto';
import { type AwsKey, signatureHeaders } from '../../support/aws-signature.js';
import { refusalOf } from './object-store-refusals.js';
import type { SendShort, ShortAnswer } from './short-request.js';

export interface ObjectStoreSettings {
  /** Its origin: `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** What the names of all objects begin with, without a slash at either end; may be empty. */
  readonly prefix: string;
  /** The bucket stands in the path, and not before the host's name. */
  readonly isPathStyle: boolean;
  readonly key: AwsKey;
}

/** It does not do it now, and why: what can be shown, without secrets and addresses. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}

/** Objects by their names, in a bucket of a store that speaks S3. A rejection: it could not be asked. */
export interface ObjectStore {
  get(
    name: string,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'found'; readonly text: string } | { readonly kind: 'none' } | Refused>;
  /** Writes, whatever stands there. */
  put(name: string, text: string, signal: AbortSignal): Promise<{ readonly kind: 'put' } | Refused>;
  /** Writes where nothing stands, and else nothing. */
  putOnce(
    name: string,
    text: string,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'put' } | { readonly kind: 'there' } | Refused>;
}

interface Asked {
  readonly method: 'GET' | 'PUT';
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, and its conditional writes. */
export function createObjectStore(
  settings: ObjectStoreSettings,
  send: SendShort,
  now: () => number = Date.now,
): ObjectStore {
  const ask = ({ method, name, headers, text = '' }: Asked, signal: AbortSignal): Promise<ShortAnswer> => {
    const { url, host, path } = placeOf(settings, name);
    const body = Buffer.from(text);
    const { region, key } = settings;
    const toSign = { method, host, path, body, region, service: 's3', atMs: now() };
    const signed = signatureHeaders(key, { ...toSign, ...(headers && { headers }) });
    return send(url, { method, headers: signed, body: text, signal });
  };
  const write = (
    name: string,
    text: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => ask({ method: 'PUT', name, text, headers: { ...headersOf(text), ...headers } }, signal);
  return {
    get: async (name, signal) => {
      const answer = await ask({ method: 'GET', name }, signal);
      if (answer.status === 200) return { kind: 'found', text: answer.text };
      const refusal = refusalOf(answer);
      // Of a bucket that is not there nothing is known; nor of somebody who is no store.
      return refusal.code === 'NoSuchKey' ? { kind: 'none' } : { kind: 'refused', reason: refusal.reason };
    },
    put: async (name, text, signal) => {
      const answer = await write(name, text, {}, signal);
      return answer.status === 200 ? { kind: 'put' } : { kind: 'refused', reason: refusalOf(answer).reason };
    },
    putOnce: async (name, text, signal) => {
      const answer = await write(name, text, { 'if-none-match': '*' }, signal);
      if (answer.status === 200) return { kind: 'put' };
      return answer.status === 412
        ? { kind: 'there' }
        : { kind: 'refused', reason: refusalOf(answer).reason };
    },
  };
}

/** A bucket with Object Lock takes nothing whose digest is not said. */
const headersOf = (text: string): Readonly<Record<string, string>> => ({
  'content-md5': createHash('md5').update(text).digest('base64'),
  'content-type': 'text/plain; charset=utf-8',
});

/** Names are made of what no address encodes, so that what is signed is what is sent. */
function placeOf(
  { endpoint, bucket, prefix, isPathStyle }: ObjectStoreSettings,
  name: string,
): { readonly url: string; readonly host: string; readonly path: string } {
  const { protocol, host: at } = new URL(endpoint);
  const object = prefix === '' ? name : `${prefix}/${name}`;
  const host = isPathStyle ? at : `${bucket}.${at}`;
  const path = isPathStyle ? `/${bucket}/${object}` : `/${object}`;
  return { url: `${protocol}//${host}${path}`, host, path };
}
