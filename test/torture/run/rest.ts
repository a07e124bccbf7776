import { eventually } from '../../support/eventually.js';
import type { Cluster } from '../cluster/cluster.js';
import { openRefunds } from '../check/orders.js';
import { unfinished } from '../check/purchases.js';
import { readRawLog } from '../check/raw-log.js';
import { type Account, type Accounts, insist } from './accounts.js';
import { availableTo } from './call.js';
import { answered, send } from './front-end.js';
import type { Observations } from './observations.js';
import { SERVICE_KEY } from '../cluster/cluster.js';

/** Lease, the sweeper's pace, the grace after a lost cache and the projection of what was recorded, on a busy machine. */
const REST_WITHIN_MS = 150_000;

/** While it is judged, no grant ends. */
const NOTHING_ENDS_FOR_MS = 60_000;
/** A refund whose process died is gone on with by the next sweep but one. */
const PURCHASES_WITHIN_MS = 240_000;

/**
 * After the last fault: payments and refunds without a clear answer are asked for until there is one, then everything is waited for
 * that ends by itself. Answers what did not.
 */
export async function comeToRest(
  cluster: Cluster,
  accounts: Accounts,
  observations: Observations,
  withinMs = REST_WITHIN_MS,
): Promise<readonly string[]> {
  const complaints: string[] = [];
  const attempt = (what: string, step: () => Promise<unknown>) =>
    step().catch((error: unknown) => void complaints.push(`${what}: ${(error as Error).message}`));
  await attempt('not every process came back', () =>
    Promise.all(
      cluster.services.filter(({ name }) => name !== 'projector-2').map((each) => each.awaitReady()),
    ),
  );
  if (withinMs === 0) return complaints;
  await attempt('payments stay without a clear answer', () =>
    settlePayments(cluster, observations, withinMs),
  );
  await attempt('something that was bought comes to no end', () => settlePurchases(cluster, observations));
  const everybody = [...accounts.shared, ...accounts.own];
  await attempt('something is still held', () =>
    Promise.all(everybody.map((account) => nothingHeld(cluster, account, withinMs))),
  );
  return complaints;
}

async function settlePayments(cluster: Cluster, observations: Observations, withinMs: number): Promise<void> {
  const open = [...observations.requests.values()].filter(
    ({ kind, attempts }) =>
      ['topup', 'refund', 'adjust', 'order-refund', 'redeem', 'grant'].includes(kind) &&
      attempts.every((attempt) => attempt.kind === 'ambiguous'),
  );
  // A part stays as it is: it must have ended in one effect or in none by itself.
  const asked = open.filter((_request, index) => index % 4 !== 0);
  const asker = async () => {
    for (let request = asked.pop(); request; request = asked.pop())
      await insist(cluster.url('api'), request, withinMs);
  };
  await Promise.all(Array.from({ length: 16 }, asker));
}

/** The provider tells what nobody heard. Of open refunds clients ask again, but for a part, which must come to an end by itself. */
async function settlePurchases(cluster: Cluster, observations: Observations): Promise<void> {
  const refunds = [...observations.requests.values()].filter(({ kind }) => kind === 'order-refund');
  await eventually(
    async () => {
      await cluster.provider.tellAgain();
      const events = await readRawLog(cluster);
      const open = new Set(openRefunds(events));
      for (const [index, request] of refunds.entries()) {
        const id = answered<{ refund_id: string }>(request)?.refund_id;
        if (index % 4 !== 0 && id !== undefined && open.has(id)) await send(cluster.url('api'), request);
      }
      const provider = cluster.provider.entries();
      const left = unfinished({ events, provider }, Date.now() + NOTHING_ENDS_FOR_MS);
      if (left.length > 0) throw new Error(`${left.length} things: ${left.slice(0, 5).join('; ')}`);
      return true;
    },
    { timeoutMs: PURCHASES_WITHIN_MS, intervalMs: 2_000 },
  );
}

/** What can be spent is the balance, at the same relay twice in a row and at the other. */
async function nothingHeld(cluster: Cluster, { user, accessKey }: Account, timeoutMs: number): Promise<void> {
  const relays = [cluster.url('relay-1'), cluster.url('relay-2')];
  let seen = '';
  await eventually(
    async () => {
      const [balance, ...available] = await Promise.all([
        balanceOf(cluster.url('api'), user),
        ...relays.map((url) => availableTo(url, accessKey)),
      ]);
      seen = `${user} has ${balance}, and can spend ${available.join(' or ')}`;
      if (balance === undefined || available.some((each) => each !== balance)) throw new Error(seen);
      return true;
    },
    { timeoutMs, intervalMs: 400 },
  );
}

export async function balanceOf(url: string, user: string): Promise<number | undefined> {
  const response = await fetch(`${url}/api/user/external/${user}`, {
    headers: { authorization: `Bearer ${SERVICE_KEY}` },
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
  if (!response?.ok) return undefined;
  return ((await response.json()) as { data: { current_quota: number } }).data.current_quota;
}
