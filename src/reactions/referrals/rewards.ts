import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { ReferralCommands } from '../../commands/referral/commands.js';
import type { ReferralTerms } from '../../domain/setting/referrals.js';
import {
  dueRewards,
  earnedSince,
  type UnearnedOrder,
  unearnedOrders,
} from '../../projections/referral/work.js';
import { monthOf } from '../../support/months.js';
import { Leader } from '../leader.js';

export interface RewardsParts {
  readonly pool: Pick<pg.Pool, 'connect' | 'query'>;
  readonly commands: Pick<ReferralCommands, 'earnReward' | 'settleReward'>;
  /** In force. */
  readonly terms: () => Promise<ReferralTerms>;
  /** Until the tables have what was written. */
  readonly waitFor: (position: bigint) => Promise<unknown>;
  readonly timezone: string;
  /** Whether an order brings anything: only where every process knows it. */
  readonly bindsReferrals: boolean;
  readonly now: () => Date;
  readonly onFault: (error: unknown) => void;
}

const AT_ONCE = 100;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** What nobody looked at for so long is not looked at by itself any more. */
const LOOKED_FOR_MS = 30 * DAY_MS;

/**
 * Fixes what the orders of people who were invited bring, soon after their credit, and gives it when it is due, one process at a time: what somebody earns
 * in a month is a sum of the tables, which have all of it before the next one is looked at.
 */
export class Rewards {
  private readonly leader: Leader;
  /** Those that could not be given, because all of their money went back, and when. Money that comes again gives them. */
  private readonly looked = new Map<string, number>();

  constructor(private readonly parts: RewardsParts) {
    const { pool, onFault } = parts;
    this.leader = new Leader({ pool, work: 'counterfoil referrals', lead: () => this.lead(), onFault });
  }

  start(): void {
    this.leader.start();
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    await this.leader.stop();
  }

  /** What is due now, unless another process does it. */
  tick(): Promise<void> {
    return this.leader.tick();
  }

  private async lead(): Promise<void> {
    const { pool, bindsReferrals, now, onFault } = this.parts;
    const since = new Date(now().getTime() - LOOKED_FOR_MS);
    const unearned = bindsReferrals ? await unearnedOrders(pool, since, AT_ONCE) : [];
    for (const order of unearned) await this.earn(order).catch(onFault);
    for (const [orderId, at] of this.looked) if (at < now().getTime() - HOUR_MS) this.looked.delete(orderId);
    const due = { since, now: now(), but: [...this.looked.keys()] };
    for (const orderId of await dueRewards(pool, due, AT_ONCE)) await this.give(orderId).catch(onFault);
  }

  private async earn({ orderId, inviterId, creditedAt }: UnearnedOrder): Promise<void> {
    const { pool, commands, terms, timezone, now, waitFor } = this.parts;
    const earnedThisMonth = await earnedSince(pool, inviterId, monthOf(now(), timezone));
    const earning = { orderId, creditedAt, terms: await terms(), earnedThisMonth };
    const earned = await commands.earnReward(earning, bySystem());
    if (!earned.ok) throw new Error(`what the order ${orderId} brings: ${earned.refusal.code}`);
    await waitFor(earned.position);
  }

  private async give(orderId: string): Promise<void> {
    const { commands, now, waitFor } = this.parts;
    const given = await commands.settleReward({ orderId }, bySystem());
    if (!given.ok || given.replayed) this.looked.set(orderId, now().getTime());
    else await waitFor(given.position);
  }
}

const bySystem = (): CommandMeta => ({ actor: 'system', requestId: randomUUID() });
