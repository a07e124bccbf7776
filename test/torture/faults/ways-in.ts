import { eventually } from '../../support/eventually.js';
import type { Cluster, Member } from '../cluster/cluster.js';
import { SERVICES } from '../plan/faults.js';
import { insist, syncOf, topupOf } from '../run/accounts.js';
import { balanceOf } from '../run/rest.js';
import type { FaultWorld } from './inject.js';

const PATIENCE = { timeoutMs: 120_000, intervalMs: 200 };
const QUOTA = 500_000;
let made = 0;

/** What a process says of itself; undefined where it does not answer. */
export async function readiness({
  service,
}: Pick<Member, 'service'>): Promise<{ readonly ready: boolean; readonly text: string } | undefined> {
  return fetch(`${service.url}/readyz`, { signal: AbortSignal.timeout(3_000) }).then(
    async (response) => ({ ready: response.ok, text: await response.text() }),
    () => undefined,
  );
}

/**
 * Waits until every process that answers is out of work and says why, and one does: who is being started meanwhile cannot say it.
 * Answers who did not.
 */
export async function allSay(cluster: Cluster, why: RegExp): Promise<string | undefined> {
  let silent = '';
  const all = async (): Promise<boolean> => {
    const members = new Map(SERVICES.map((name) => [cluster.member(name).service, name]));
    const said = await Promise.all(
      [...members].map(async ([service, name]) => ({ name, told: await readiness({ service }) })),
    );
    const others = said.filter(({ told }) => told && (told.ready || !why.test(told.text)));
    silent = others.map(({ name, told }) => `${name} says ${told?.text.slice(0, 300)}`).join('; ');
    return others.length === 0 && said.some(({ told }) => told);
  };
  return (await eventually(all, PATIENCE).catch(() => false)) ? undefined : silent || 'nobody answers';
}

/** Somebody whom no lane knows pays: answers the payment. */
export async function payAside({ cluster, observations }: FaultWorld): Promise<Bystander> {
  const user = `bystander-${++made}`;
  const payment = `aside-${made}`;
  await insist(cluster.url('api'), syncOf(observations, user, user), PATIENCE.timeoutMs);
  await insist(cluster.url('api'), topupOf(observations, user, payment, 1), PATIENCE.timeoutMs);
  return { user, payment };
}

export interface Bystander {
  readonly user: string;
  readonly payment: string;
}

/** Whether what was paid came into the tables: they go on past what was before it. */
export const isBooked = (cluster: Cluster, { user }: Bystander): Promise<boolean> =>
  eventually(async () => (await balanceOf(cluster.url('api'), user)) === QUOTA, PATIENCE).catch(() => false);
