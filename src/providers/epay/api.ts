import { ProviderUnavailable } from '../../reactions/payments/provider.js';
import { type Ask, jsonOf } from '../asking/ask.js';
import type { EpayFields, EpaySigner } from './sign.js';

export interface EpayApiParts {
  readonly ask: Ask;
  readonly apiUrl: string;
  readonly signer: EpaySigner;
  readonly now: () => Date;
}

type Said = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Said => typeof value === 'object' && value !== null;

/** A page for maintenance says nothing: it is not "unpaid". */
function objectOf(text: string): Said {
  const said = jsonOf(text);
  if (!isObject(said)) throw new ProviderUnavailable('Epay answered no JSON');
  return said;
}

/** Version 1: the key goes along in the query. */
export async function askV1({ ask, apiUrl }: EpayApiParts, fields: EpayFields): Promise<Said> {
  const url = new URL(`${apiUrl}/api.php`);
  url.search = new URLSearchParams(fields).toString();
  return objectOf((await ask({ method: 'GET', url, headers: {} })).text);
}

/**
 * Version 2: what is asked is signed, and so is what is answered. Its `code` is 0 where it says yes. What stands beside what is signed, a list or
 * an object, is not heard: anybody on the way could have put it there.
 */
export async function askV2(parts: EpayApiParts, path: string, fields: EpayFields): Promise<Said> {
  const { ask, apiUrl, signer } = parts;
  const body = new URLSearchParams(signed(parts, fields)).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await ask({ method: 'POST', url: new URL(`${apiUrl}/api/pay/${path}`), headers, body });
  const said = plainOf(objectOf(answer.text));
  // A refusal is not signed by all of them; what says that something was paid must be.
  if (said['code'] === '0' && !signer.isSigned(said))
    throw new ProviderUnavailable('Epay answered under another signature');
  return said;
}

export function signed({ signer, now }: EpayApiParts, fields: EpayFields): EpayFields {
  const all =
    signer.type === 'RSA' ? { ...fields, timestamp: Math.floor(now().getTime() / 1_000).toString() } : fields;
  return { ...all, sign: signer.sign(all), sign_type: signer.type };
}

/** What of an answer is signed: single values. */
const plainOf = (said: Said): EpayFields =>
  Object.fromEntries(
    Object.entries(said).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  );

export { isObject };
