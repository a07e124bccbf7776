import { randomUUID } from 'node:crypto';
import { SERVICE_KEY } from './deployment.js';
import type { ParsedJson } from '../../support/parsed-json.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, ParsedJson>;
}

/** A request to the external API. Rejects when the connection breaks. */
export async function frontEnd(url: string, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${url}/api/user/external${path}`, {
    method,
    headers: {
      authorization: `Bearer ${SERVICE_KEY}`,
      'content-type': 'application/json',
      'accept-language': 'en',
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
}

/** The `data` of an answer that must be a success. */
export async function succeed(...request: Parameters<typeof frontEnd>): Promise<Answer['body']> {
  const { status, body } = await frontEnd(...request);
  if (status !== 200) throw new Error(`${request[2]} answered ${status}: ${JSON.stringify(body)}`);
  return body.data as Answer['body'];
}

export interface Customer {
  readonly id: string;
  readonly accessKey: string;
  readonly tokenId: number;
}

/** A user with a balance and an access key. */
export async function createCustomer(url: string, amountUsd: number): Promise<Customer> {
  const id = `user-${randomUUID()}`;
  await succeed(url, 'POST', '/sync', { external_user_id: id, username: id });
  await succeed(url, 'POST', '/topup', {
    external_user_id: id,
    amount_usd: amountUsd,
    payment_id: `pay-${id}`,
  });
  const token = await succeed(url, 'POST', '/token', { external_user_id: id, token_name: 'key' });
  return { id, accessKey: token.access_key as string, tokenId: token.token_id as number };
}

/** The same with a key that is a member's of a team, and four budgets of as much: whichever did not end with its calls is the least of them. */
export async function createTeamCustomer(url: string, amountUsd: number): Promise<Customer> {
  const { id } = await createCustomer(url, amountUsd);
  const member = `member-${randomUUID()}`;
  await succeed(url, 'POST', '/sync', { external_user_id: member, username: member });
  const quota_limit = amountUsd * 500_000;
  const token = await succeed(url, 'POST', '/token', {
    ...{ external_user_id: id, token_name: 'of the team', quota_limit },
  });
  const [tokenId, accessKey] = [token.token_id as number, token.access_key as string];
  await succeed(url, 'PUT', `/${id}/team`, { name: 'The lab' });
  await succeed(url, 'PUT', `/${id}/team/members/${member}`);
  await succeed(url, 'PUT', `/${id}/team/keys/${tokenId}`, { member });
  const budget = { amount_usd: amountUsd, period: 'month', timezone: 'UTC' };
  await succeed(url, 'PUT', `/${id}/team/members/${member}/budget`, budget);
  await succeed(url, 'PUT', `/${id}/team/keys/${tokenId}/budget`, budget);
  return { id, accessKey, tokenId };
}

export interface CallOptions {
  readonly model?: string;
  readonly stream?: boolean;
  /** Also what upstream is asked, so that both sides' books can be compared. */
  readonly requestId?: string;
}

export interface CallResult {
  readonly requestId: string;
  /** 0: no answer, the connection broke. */
  readonly status: number;
  readonly headers: Headers | undefined;
  readonly text: string;
  /** The client has all of it: the whole JSON body, or a stream up to `[DONE]`. */
  readonly completed: boolean;
}

/** One chat completion. Never rejects: what had come when the connection broke is part of the result. */
export async function call(
  url: string,
  accessKey: string,
  { model = 'per-call', stream = false, requestId = randomUUID() }: CallOptions = {},
): Promise<CallResult> {
  let response: Response;
  try {
    response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${accessKey}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: requestId }] }),
      signal: AbortSignal.timeout(60_000),
    });
  } catch {
    return { requestId, status: 0, headers: undefined, text: '', completed: false };
  }
  const { status, headers } = response;
  const { text, whole } = await readAll(response);
  const completed = status === 200 && (stream ? text.includes('data: [DONE]') : whole);
  return { requestId, status, headers, text, completed };
}

/** What the customer could spend now, by the word of a refusal: the balance less all that is held. */
export async function available(url: string, accessKey: string): Promise<number> {
  const { status, text } = await call(url, accessKey, { model: 'unaffordable' });
  if (status !== 402) throw new Error(`expected a refusal, not ${status}: ${text}`);
  return (JSON.parse(text) as { error: { available: number } }).error.available;
}

export const balanceOf = async (url: string, { id }: Customer): Promise<number> =>
  (await succeed(url, 'GET', `/${id}`)).current_quota as number;

async function readAll(response: Response): Promise<{ text: string; whole: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const part of response.body ?? [])
      text += decoder.decode(part as Uint8Array, { stream: true });
    return { text, whole: true };
  } catch {
    return { text, whole: false };
  }
}
