import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields, Finding } from '../check.js';

type Of<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { type: Type }>;

const PREFIX = 'ref:';

/** Who was invited by whom, and what orders brought, as the tables must show them; and whether no more was given than was earned, to whom. */
export class Referrals {
  readonly rows = new Map<string, Fields>();
  readonly rewards = new Map<string, Fields>();
  readonly grants = new Map<string, Fields>();

  constructor(private readonly worth: Finding) {}

  apply(event: LedgerEvent): void {
    switch (event.type) {
      case 'referral-bound':
        return this.bind(event);
      case 'referral-earned':
        return this.earn(event);
      case 'grant-given':
        return this.give(event);
      case 'grant-withdrawn':
        return this.withdraw(event);
      default:
    }
  }

  private bind({ data: { account_id, inviter_id, by }, position, recordedAt }: Of<'referral-bound'>): void {
    const bound = { bound_by: storableText(by), position, bound_at: recordedAt.toISOString() };
    this.rows.set(account_id, { inviter_id, ...bound });
  }

  private earn({ data, position, recordedAt }: Of<'referral-earned'>): void {
    const { account_id, inviter_id, credited, quota, limited_by, due_at } = data;
    this.rewards.set(data.order_id, {
      ...{ account_id, inviter_id, credited, quota, limited_by, due_at: new Date(due_at).toISOString() },
      ...{ position, earned_at: recordedAt.toISOString(), given: 0n, withdrawn: 0n },
    });
  }

  private give({ data, position }: Of<'grant-given'>): void {
    if (!data.source.startsWith(PREFIX)) return;
    const [orderId = ''] = data.source.slice(PREFIX.length).split(':');
    this.grants.set(data.grant_id, { order_id: orderId });
    const reward = this.rewards.get(orderId);
    if (reward) this.rewards.set(orderId, { ...reward, given: quotaIn(reward['given']) + data.quota });
    const expected = reward && { account_id: reward['inviter_id'] ?? null, too_much: 0n };
    const found = { account_id: data.account_id, too_much: tooMuch(this.rewards.get(orderId)) };
    this.worth.compare(String(position), data.account_id, expected, found);
  }

  private withdraw({ data }: Of<'grant-withdrawn'>): void {
    const orderId = String(this.grants.get(data.grant_id)?.['order_id'] ?? '');
    const reward = this.rewards.get(orderId);
    if (reward)
      this.rewards.set(orderId, { ...reward, withdrawn: quotaIn(reward['withdrawn']) + data.quota });
  }
}

const quotaIn = (value: Fields[string] | undefined): bigint => (typeof value === 'bigint' ? value : 0n);

function tooMuch(reward: Fields | undefined): bigint {
  if (!reward) return 0n;
  const more = quotaIn(reward['given']) - quotaIn(reward['withdrawn']) - quotaIn(reward['quota']);
  return more > 0n ? more : 0n;
}
