import { createHash, createHmac } from 'node:crypto';

/** What a request is signed with. Never logged. */
export interface AwsKey {
  readonly id: string;
  readonly secret: string;
  /** Of credentials that expire. */
  readonly session?: string | undefined;
}

export interface ToSign {
  readonly method: string;
  /** With its port where that is not the usual one. */
  readonly host: string;
  /** As it is sent: its segments are encoded once already. */
  readonly path: string;
  /** Others that are signed, their names in small letters. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly region: string;
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** It wants the body's hash said, and takes paths as they are sent; every other service encodes them once more. */
const OBJECT_STORE = 's3';
const MOST_DAYS = 1_000;

/**
 * The headers by which AWS knows who sends a request, and that nobody changed it (Signature Version 4).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureHeaders(key: AwsKey, request: ToSign): Readonly<Record<string, string>> {
  const at = new Date(request.atMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const isStore = request.service === OBJECT_STORE;
  const body = sha256(request.body);
  const headers: Record<string, string> = {
    ...request.headers,
    ...(isStore && { 'x-amz-content-sha256': body }),
    'x-amz-date': at,
    ...(key.session !== undefined && { 'x-amz-security-token': key.session }),
  };
  const signed = Object.entries({ host: request.host, ...headers }).sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    isStore ? request.path : request.path.split('/').map(encoded).join('/'),
    '',
    ...signed.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    body,
  ].join('\n');
  const day = at.slice(0, 8);
  const scope = `${day}/${request.region}/${request.service}/aws4_request`;
  const signature = hmac(dayKey(key, request, day), [ALGORITHM, at, scope, sha256(canonical)].join('\n'));
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${key.id}/${scope}, SignedHeaders=${names}, Signature=${signature.toString('hex')}`,
  };
}

/** The same all day long. */
const dayKeys = new Map<string, Buffer>();

function dayKey({ id, secret }: AwsKey, { region, service }: ToSign, day: string): Buffer {
  const name = [id, sha256(secret), day, region, service].join(' ');
  let key = dayKeys.get(name);
  if (!key) {
    if (dayKeys.size >= MOST_DAYS) dayKeys.clear();
    const ofDay = hmac(`AWS4${secret}`, day);
    dayKeys.set(name, (key = hmac(hmac(hmac(ofDay, region), service), 'aws4_request')));
  }
  return key;
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** As RFC 3986 has it: also what `encodeURIComponent` leaves. */
export const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
