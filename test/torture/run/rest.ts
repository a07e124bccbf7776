import { eventually } from '../../support/eventually.js';
import type { Cluster } from '../cluster/cluster.js';
import { type Account, type Accounts, insist } from './accounts.js';
import { availableTo } from './call.js';
import type { Observations } from './observations.js';
import { SERVICE_KEY } from '../cluster/cluster.js';

/** Lease, the sweeper's pace, the grace after a lost cache and the projection of what was recorded, on a busy machine. */
const REST_WITHIN_MS = 150_000;

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
  const everybody = [...accounts.shared, ...accounts.own];
  await attempt('something is still held', () =>
    Promise.all(everybody.map((account) => nothingHeld(cluster, account, withinMs))),
  );
  return complaints;
}

async function settlePayments(cluster: Cluster, observations: Observations, withinMs: number): Promise<void> {
  const open = [...observations.requests.values()].filter(
    ({ kind, attempts }) =>
      ['topup', 'refund', 'adjust'].includes(kind) &&
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
