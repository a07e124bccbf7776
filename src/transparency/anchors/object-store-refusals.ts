import type { ShortAnswer } from './short-request.js';

/** What a store says in its XML. What else stands there may hold what was signed, and is not shown. */
const CODE = /<Code>([A-Za-z0-9.]{1,60})<\/Code>/;
const REGION_SAID = /<Region>([a-z0-9-]{1,40})<\/Region>/;
const REGION = /^[a-z0-9-]{1,40}$/;

/** What whoever runs it can do about it. */
const words: Readonly<Record<string, string>> = {
  AccessDenied: 'it does not let this key in: it needs s3:GetObject, s3:PutObject and s3:ListBucket',
  InvalidAccessKeyId: 'it does not know this access key',
  SignatureDoesNotMatch: 'the secret is not that of the access key',
  RequestTimeTooSkewed: "its clock and this machine's are too far apart",
  NoSuchBucket: 'it has no bucket of this name',
  NotImplemented: 'it knows no conditional writes (If-None-Match), so that it could lose what it was given',
  SlowDown: 'it is asked too often',
  // Somebody else was writing the same object; which of the two it has, the next attempt sees.
  ConditionalRequestConflict: 'somebody else was writing there',
};

/** Those by which a store says that a bucket is elsewhere. */
const ELSEWHERE = new Set(['PermanentRedirect', 'TemporaryRedirect', 'AuthorizationHeaderMalformed']);

export interface Refusal {
  /** Of S3's; undefined where it said none. */
  readonly code: string | undefined;
  readonly reason: string;
}

/** Why a store has not done what it was asked. Redirects are not followed: they lead where nobody has named. */
export function refusalOf({ status, headers, text }: ShortAnswer): Refusal {
  const code = CODE.exec(text)?.[1];
  const said = code === undefined ? `it answered ${status}` : `it answered ${status} ${code}`;
  const isElsewhere = code === undefined ? status >= 300 && status < 400 : ELSEWHERE.has(code);
  const hint = isElsewhere
    ? elsewhere(regionOf(headers, text))
    : code === undefined
      ? undefined
      : words[code];
  return { code, reason: hint === undefined ? said : `${said}: ${hint}` };
}

const elsewhere = (region: string | undefined): string =>
  region === undefined
    ? 'the bucket is at another endpoint, or in another region'
    : `the bucket is in the region ${region}`;

function regionOf(headers: ShortAnswer['headers'], text: string): string | undefined {
  const named = headers['x-amz-bucket-region'];
  if (typeof named === 'string' && REGION.test(named)) return named;
  return REGION_SAID.exec(text)?.[1];
}
