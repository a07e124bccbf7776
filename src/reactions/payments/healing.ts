import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { CommandMeta } from '../../commands/handling/command.js';
import { findOrder } from '../../projections/order/query.js';
import { bonusesLeft, uncreditedOrders, unfinishedOrders } from '../../projections/order/work.js';
import { Leader } from '../leader.js';
import { ask } from './asking.js';
import { listed } from './listing.js';
import { STRAY_AFTER_MS } from './notifications.js';
import { through } from './one-door.js';
import type { DeskParts } from './desk.js';
import { OpenRefunds } from './open-refunds.js';
import { nextPoll } from './schedule.js';

export interface HealingParts extends Pick<
  DeskParts,
  'db' | 'commands' | 'refunds' | 'turns' | 'providers' | 'schedule' | 'inbox' | 'now' | 'onFault'
> {
  readonly pool: Pick<pg.Pool, 'connect'>;
}

const SWEEP_EVERY_MS = 60_000;
const LIST_EVERY_MS = 3_600_000;
/** A credit that is being written is left alone so long. */
const UNDER_WAY_MS = 30_000;
const POLLS_A_TICK = 20;
const POLLS_AT_ONCE = 5;
const SWEPT_AT_ONCE = 500;
/** Whoever dies while asking is followed by another one. */
const LEASE_MS = 60_000;
/** A provider that cannot be asked whether an order that is over was paid. */
const LATER_MS = 3_600_000;
const POLLED_FOR_MS = 73 * 3_600_000;
const INBOX_KEPT_MS = 90 * 24 * 3_600_000;
/** So that the orders of one moment are not asked of in one moment for ever. */
const JITTER = 0.1;

/** What paid and was not credited heals by itself: one process at a time asks providers and credits what was left. */
export class OrderHealing {
  private readonly leader: Leader;
  private sweptAt = 0;
  private listedAt = 0;
  private readonly openRefunds: OpenRefunds;

  constructor(private readonly parts: HealingParts) {
    const { pool, onFault } = parts;
    this.leader = new Leader({ pool, work: 'counterfoil orders', lead: () => this.lead(), onFault });
    this.openRefunds = new OpenRefunds(parts);
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
    const now = this.parts.now();
    if (now.getTime() - this.sweptAt >= SWEEP_EVERY_MS) {
      await this.sweep(now);
      this.sweptAt = now.getTime();
    }
    if (now.getTime() - this.listedAt >= LIST_EVERY_MS) {
      await listed(this.parts, now);
      this.listedAt = now.getTime();
    }
    const due = [...(await this.parts.schedule.due(now, POLLS_A_TICK, LEASE_MS))];
    while (due.length > 0)
      await Promise.all(due.splice(0, POLLS_AT_ONCE).map((orderId) => this.poll(orderId)));
  }

  /** Credits what was seen and left, and puts every order that is not finished on the list again. */
  async sweep(now: Date): Promise<void> {
    const { db, commands, schedule, inbox, onFault } = this.parts;
    const before = new Date(now.getTime() - UNDER_WAY_MS);
    const left = await uncreditedOrders(db, before, SWEPT_AT_ONCE);
    for (const orderId of [...left, ...(await bonusesLeft(db, before, SWEPT_AT_ONCE))])
      await commands.creditOrder({ orderId }, bySystem()).catch(onFault);
    const unfinished = await unfinishedOrders(db, new Date(now.getTime() - POLLED_FOR_MS));
    await schedule.add(
      unfinished.map((order) => ({ orderId: order.orderId, nextAt: nextPoll(order, now) ?? now })),
    );
    await this.takeUp(now);
    await this.openRefunds.goOn(now);
    await inbox.purge(INBOX_KEPT_MS, now);
  }

  /** What was notified and not taken: its order is there by now, or somebody has to look. */
  private async takeUp(now: Date): Promise<void> {
    const { commands, providers, inbox, onFault } = this.parts;
    for (const each of await inbox.undone(new Date(now.getTime() - STRAY_AFTER_MS), SWEPT_AT_ONCE)) {
      const { id, providerId, revision, sha256, sightings } = each;
      try {
        const provider = await providers.find(providerId, revision);
        const result =
          provider &&
          (await through(commands, provider, sightings, {
            by: 'notification',
            sha256,
            strays: 'flag',
            meta: bySystem(),
          }));
        if (!result || result.ok) await inbox.judge(id, result ? 'stored' : 'ignored');
      } catch (error) {
        onFault(error);
      }
    }
  }

  private async poll(orderId: string): Promise<void> {
    const { db, commands, schedule, now, onFault } = this.parts;
    try {
      const order = await findOrder(db, orderId);
      if (!order || order.credited) {
        await schedule.next(orderId, undefined);
        return;
      }
      const asked = await ask(this.parts, order, 'sweep', bySystem());
      const found = asked.ok ? asked.value.found : 'unknown';
      const isOpen = order.stage === 'placed' || order.stage === 'opened';
      if (isOpen && found === 'nothing' && order.expiresAt <= now())
        await commands.expireOrder({ orderId }, bySystem());
      const later = isOpen && found === 'unknown' ? new Date(now().getTime() + LATER_MS) : undefined;
      await schedule.next(
        orderId,
        found === 'paid' ? undefined : jittered(nextPoll(order, now()) ?? later, now()),
      );
    } catch (error) {
      // The lease runs out, and it is tried again.
      onFault(error);
    }
  }
}

const bySystem = (): CommandMeta => ({ actor: 'system', requestId: randomUUID() });

function jittered(at: Date | undefined, now: Date): Date | undefined {
  return at && new Date(at.getTime() + Math.random() * JITTER * (at.getTime() - now.getTime()));
}
