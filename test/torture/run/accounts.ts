import { eventually } from '../../support/eventually.js';
import { LANES, SHARED_ACCOUNTS } from '../plan/workload.js';
import { answered, send } from './front-end.js';
import type { Observations, Request } from './observations.js';

/** An account and a key of it that lives as long as the account. */
export interface Account {
  readonly user: string;
  readonly accessKey: string;
  readonly tokenId: number;
}

export interface Accounts {
  readonly shared: readonly Account[];
  /** Of each lane. */
  readonly own: readonly Account[];
  /** Of each lane, for orders that are disputed. */
  readonly buyers: readonly Account[];
}

/** Before there are faults: accounts with a little money and a key. */
export async function openAccounts(url: string, observations: Observations): Promise<Accounts> {
  const open = (count: number, name: string, usd: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) => openOne(url, observations, `${name}-${index}`, usd)),
    );
  return {
    shared: await open(SHARED_ACCOUNTS, 'shared', 0.3),
    own: await open(LANES, 'own', 0.6),
    buyers: await open(LANES, 'buyer', 0.05),
  };
}

async function openOne(url: string, observations: Observations, user: string, usd: number): Promise<Account> {
  await insist(url, syncOf(observations, user, user));
  await insist(url, topupOf(observations, user, `first-${user}`, usd));
  const request = keyOf(observations, user, `key-${user}`);
  await insist(url, request);
  const key = answered<{ access_key: string; token_id: number }>(request);
  if (!key) throw new Error(`no key for ${user}: ${JSON.stringify(request.attempts)}`);
  return { user, accessKey: key.access_key, tokenId: key.token_id };
}

/** Until there is an answer. */
export async function insist(url: string, request: Request, timeoutMs = 60_000): Promise<void> {
  const ask = async () => (await send(url, request)).kind !== 'ambiguous';
  await eventually(ask, { timeoutMs, intervalMs: 250 });
}

export const syncOf = (
  observations: Observations,
  user: string,
  username: string,
  mustBe?: Request['mustBe'],
): Request =>
  observations.request({
    kind: 'sync',
    key: user,
    user,
    mustBe,
    method: 'POST',
    path: '/sync',
    body: { external_user_id: user, username },
  });

export const topupOf = (
  observations: Observations,
  user: string,
  payment: string,
  amountUsd: number,
  mustBe?: Request['mustBe'],
): Request =>
  observations.request({
    kind: 'topup',
    key: payment,
    user,
    amountUsd,
    mustBe,
    method: 'POST',
    path: '/topup',
    body: { external_user_id: user, amount_usd: amountUsd, payment_id: payment },
  });

/** With a limit, the key spends so much in its life. */
export const keyOf = (observations: Observations, user: string, key: string, limit?: number): Request =>
  observations.request({
    kind: 'key',
    key,
    user,
    method: 'POST',
    path: '/token',
    body: { external_user_id: user, token_name: key, ...(limit !== undefined && { quota_limit: limit }) },
  });
