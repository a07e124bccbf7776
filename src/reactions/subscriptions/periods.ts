import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { SubscriptionCommands } from '../../commands/subscription/commands.js';
import { duePeriods, dueSubscriptions } from '../../projections/subscription/work.js';
import { repeat } from '../../support/repeat.js';

export interface PeriodsParts {
  readonly pool: Pick<pg.Pool, 'connect' | 'query'>;
  readonly commands: Pick<SubscriptionCommands, 'settlePeriod' | 'endSubscription'>;
  readonly now: () => Date;
  readonly onFault: (error: unknown) => void;
}

const LOCK = `hashtext('counterfoil subscriptions'), 0`;
const TICK_MS = 1_000;
const AT_ONCE = 100;

/**
 * Begins and ends periods of plans, one process at a time: what a period gives when it begins, what is taken where its money goes back, and subscriptions of
 * which nothing is left. What a period gave ends by itself, as every grant does.
 */
export class Periods {
  private stopRepeating: (() => Promise<void>) | undefined;

  constructor(private readonly parts: PeriodsParts) {}

  start(): void {
    this.stopRepeating = repeat(TICK_MS, async () => {
      await this.tick().catch(this.parts.onFault);
      return TICK_MS;
    });
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    await this.stopRepeating?.();
  }

  /** What is due now, unless another process does it. */
  async tick(): Promise<void> {
    const guard = await this.parts.pool.connect();
    let broken: Error | undefined;
    try {
      const { rows } = await guard.query<{ locked: boolean }>(
        `SELECT pg_try_advisory_lock(${LOCK}) AS locked`,
      );
      if (rows[0]?.locked) await this.lead();
    } finally {
      // Only this takes such locks on this connection.
      await guard.query('SELECT pg_advisory_unlock_all()').catch((error: Error) => (broken = error));
      guard.release(broken);
    }
  }

  private async lead(): Promise<void> {
    const { pool, commands, now, onFault } = this.parts;
    for (const due of await duePeriods(pool, now(), AT_ONCE))
      await commands.settlePeriod(due, bySystem()).catch(onFault);
    for (const subscriptionId of await dueSubscriptions(pool, now(), AT_ONCE))
      await commands.endSubscription({ subscriptionId }, bySystem()).catch(onFault);
  }
}

const bySystem = (): CommandMeta => ({ actor: 'system', requestId: randomUUID() });
