import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { SubscriptionCommands } from '../../commands/subscription/commands.js';
import { duePeriods, dueSubscriptions } from '../../projections/subscription/work.js';
import { Leader } from '../leader.js';

export interface PeriodsParts {
  readonly pool: Pick<pg.Pool, 'connect' | 'query'>;
  readonly commands: Pick<SubscriptionCommands, 'settlePeriod' | 'endSubscription'>;
  readonly now: () => Date;
  readonly onFault: (error: unknown) => void;
}

const AT_ONCE = 100;

/**
 * Begins and ends periods of plans, one process at a time: what a period gives when it begins, what is taken where its money goes back, and subscriptions of
 * which nothing is left. What a period gave ends by itself, as every grant does.
 */
export class Periods {
  private readonly leader: Leader;

  constructor(private readonly parts: PeriodsParts) {
    const { pool, onFault } = parts;
    this.leader = new Leader({ pool, work: 'counterfoil subscriptions', lead: () => this.lead(), onFault });
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
    const { pool, commands, now, onFault } = this.parts;
    for (const due of await duePeriods(pool, now(), AT_ONCE))
      await commands.settlePeriod(due, bySystem()).catch(onFault);
    for (const subscriptionId of await dueSubscriptions(pool, now(), AT_ONCE))
      await commands.endSubscription({ subscriptionId }, bySystem()).catch(onFault);
  }
}

const bySystem = (): CommandMeta => ({ actor: 'system', requestId: randomUUID() });
