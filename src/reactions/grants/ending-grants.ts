import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { GrantCommands } from '../../commands/grant/commands.js';
import type { CommandMeta } from '../../commands/handling/command.js';
import type { Reservations } from '../../commands/handling/ports.js';
import { encodeHoldContext } from '../../domain/hold/hold-context.js';
import { grantStream } from '../../domain/streams.js';
import { type DueGrant, dueGrants } from '../../projections/grant/query.js';
import { Leader } from '../leader.js';

export interface EndingGrantsParts {
  readonly pool: Pick<pg.Pool, 'connect' | 'query'>;
  readonly commands: Pick<GrantCommands, 'closeGrant' | 'endGrant'>;
  readonly reservations: Pick<Reservations, 'reserve' | 'release'>;
  readonly now: () => Date;
  readonly onFault: (error: unknown) => void;
}

const AT_ONCE = 100;

/**
 * Ends grants whose time is over, one process at a time: what is left is held, the grant is closed, and when the tables have its closing
 * exactly what was left then is taken. What calls under way hold is theirs: until they are over as much as is free is held, so that no
 * other call begins on it.
 */
export class EndingGrants {
  private readonly leader: Leader;
  /** Holds on grants that could not be closed yet; lost with this process, and then free again. */
  private readonly waiting = new Map<string, string>();

  constructor(private readonly parts: EndingGrantsParts) {
    const { pool, onFault } = parts;
    this.leader = new Leader({ pool, work: 'counterfoil grants', lead: () => this.lead(), onFault });
  }

  start(): void {
    this.leader.start();
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    await this.leader.stop();
    for (const grantId of this.waiting.keys()) await this.release(grantId);
  }

  /** What is due now, unless another process does it. */
  tick(): Promise<void> {
    return this.leader.tick();
  }

  private async lead(): Promise<void> {
    const { pool, now, onFault } = this.parts;
    for (const grant of await dueGrants(pool, now(), AT_ONCE)) await this.goOn(grant).catch(onFault);
  }

  private async goOn(grant: DueGrant): Promise<void> {
    const { grantId, isClosed, remaining } = grant;
    await this.release(grantId);
    if (isClosed) {
      await this.parts.commands.endGrant({ grantId, left: remaining }, bySystem());
      return;
    }
    const closed = await this.parts.commands.closeGrant({ grantId, why: 'ended', reason: '' }, bySystem());
    if (!closed.ok && closed.refusal.code === 'grant_exceeds_balance' && closed.refusal.available > 0n)
      await this.holdMeanwhile(grant, closed.refusal.available);
  }

  private async holdMeanwhile({ grantId, accountId }: DueGrant, quota: bigint): Promise<void> {
    const holdId = randomUUID();
    const context = encodeHoldContext({ kind: 'grant', stream: grantStream(grantId) });
    const hold = await this.parts.reservations.reserve({ accountId, holdId, quota, context });
    if (hold.ok) this.waiting.set(grantId, holdId);
  }

  private async release(grantId: string): Promise<void> {
    const holdId = this.waiting.get(grantId);
    if (holdId === undefined) return;
    this.waiting.delete(grantId);
    await this.parts.reservations.release(holdId);
  }
}

const bySystem = (): CommandMeta => ({ actor: 'system', requestId: randomUUID() });
