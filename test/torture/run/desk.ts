import { eventually } from '../../support/eventually.js';
import { GROUPS, type Cluster } from '../cluster/cluster.js';
import type { Operation } from '../plan/workload.js';
import { feedCli } from '../support/run-cli.js';
import { keyOf, syncOf, topupOf } from './accounts.js';
import { call } from './call.js';
import type { Client } from './client.js';
import { answered } from './front-end.js';
import type { Request } from './observations.js';

const NAME = 'torture';
const PASSWORD = 'correct horse battery staple';

/** An operator with every right; answers a token, which outlives a round. */
export async function openOperator(cluster: Cluster): Promise<string> {
  await feedCli(cluster, `${PASSWORD}\n`, 'operator', 'create', NAME, '--role', 'admin');
  return eventually(() => logIn(cluster), { timeoutMs: 30_000, intervalMs: 1_000 });
}

/** Of who was just created the tables may not know yet. */
async function logIn(cluster: Cluster): Promise<string> {
  const response = await fetch(`${cluster.url('api')}/api/admin/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: NAME, password: PASSWORD }),
  });
  const { data } = (await response.json()) as { data?: { token: string } };
  if (!data) throw new Error(`the operator could not log in: ${response.status}`);
  return data.token;
}

const PLAIN_CALL = {
  dialect: 'chat',
  model: 'free',
  streamed: false,
  script: { words: 1, pauseMs: 0, end: 'whole', usage: { prompt: 5, completion: 1 } },
  hangUpMs: null,
} as const;

type DeskOperation = Extract<
  Operation,
  { readonly kind: 'adjust' | 'adjust-again' | 'adjust-other' | 'group' | 'erase' }
>;

/** What an operator does for a lane: corrections, groups, erasures. */
export class Desk {
  private readonly adjustments: Request[] = [];
  private group: string = GROUPS[0].name;

  constructor(private readonly client: Client) {}

  async take(operation: DeskOperation, insist: number): Promise<void> {
    switch (operation.kind) {
      case 'adjust': {
        const { user } = this.client.account(operation.account);
        const request = this.adjustment(user, this.client.name('adjust'), operation.amountUsd);
        this.adjustments.push(request);
        return this.client.ask(request, insist, operation.copies);
      }
      case 'adjust-again':
      case 'adjust-other': {
        const earlier = this.adjustments.at(-1 - operation.back);
        if (!earlier || !answered(earlier)) return;
        if (operation.kind === 'adjust-again') return this.client.ask(earlier, insist);
        const conflict = { status: 409, code: 'adjustment_conflict' };
        const other = (earlier.amountUsd ?? 0) + 1;
        return this.client.ask(this.adjustment(earlier.user, earlier.key, other, conflict), insist);
      }
      case 'group':
        this.group = GROUPS.find(({ name }) => name !== this.group)?.name ?? this.group;
        return this.client.ask(this.asked('group', this.client.own.user, { group: this.group }), insist);
      case 'erase':
        return this.erase(insist);
    }
  }

  /** Somebody comes, pays and gets a key; then the person is erased, and the key is dead. */
  private async erase(insist: number): Promise<void> {
    const { client } = this;
    const { observations, relayUrls } = client.world;
    const user = client.name('erased');
    const key = keyOf(observations, user, client.name('key'));
    const steps = [
      syncOf(observations, user, user),
      topupOf(observations, user, client.name('pay'), 0.05),
      key,
    ];
    for (const step of steps) {
      await client.ask(step, insist);
      if (!answered(step)) return;
    }
    const made = answered<{ access_key: string; token_id: number }>(key);
    const erasing = this.asked('erase', user, { reason: 'torture' });
    await client.ask(erasing, insist, 2);
    if (!made || !answered(erasing)) return;
    const caller = { user, accessKey: made.access_key, tokenId: made.token_id, keyIsDead: true };
    observations.calls.push(await call(relayUrls[0], 'relay-1', caller, PLAIN_CALL));
  }

  private asked(kind: 'group' | 'erase', user: string, body: Record<string, unknown>): Request {
    const { observations, operatorToken } = this.client.world;
    const key = kind === 'erase' ? user : this.client.name(kind);
    return observations.request({
      kind,
      key,
      user,
      method: 'POST',
      path: `/users/${user}/${kind}`,
      body,
      operatorToken,
    });
  }

  private adjustment(user: string, key: string, amountUsd: number, mustBe?: Request['mustBe']): Request {
    const { observations, operatorToken } = this.client.world;
    return observations.request({
      kind: 'adjust',
      key,
      user,
      amountUsd,
      mustBe,
      method: 'POST',
      path: `/users/${user}/adjust`,
      body: { amount_usd: Math.round(amountUsd * 100) / 100, reason: 'torture', adjustment_id: key },
      operatorToken,
    });
  }
}
