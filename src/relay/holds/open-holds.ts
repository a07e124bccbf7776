import type { BudgetKey, CachedBalance, OpenHold } from '../../balance/cached-balance.js';

export interface OpenHoldsOptions {
  readonly cache: Pick<CachedBalance, 'renew' | 'register' | 'settle' | 'onLost'>;
  /** How often leases are renewed; several times a lease. Default 1,000. */
  readonly heartbeatMs?: number;
  /** Holds of this process at most, open ones and charged ones that the projection has not reached. Default 50,000. */
  readonly maxHolds?: number;
  /** The cache knows an open hold no more: its lease ran out and a sweeper has resolved it, though its call still runs. */
  readonly onOverrun: (holdId: string) => void;
  /** The cache cannot be reached; it is tried again at the next heartbeat. */
  readonly onProblem: (error: unknown) => void;
}

interface Entry {
  hold: Pick<OpenHold, 'holdId' | 'budgets' | 'granted' | 'context'>;
  deliveredTokens: () => number;
  /** Charged: in the log at a position, or still in the spool. */
  charged?: { readonly charge: bigint; readonly position: bigint | undefined };
  beatsSinceCharged: number;
}

const NO_HOLD: Entry['hold'] = { holdId: '', budgets: [], granted: 0n, context: '' };

const BATCH = 500;
/** A charged hold that is still known after so many heartbeats is settled again: the first time may have failed. */
const BEATS_BEFORE_SETTLING_AGAIN = 10;

/**
 * The holds that this process has open: keeps their leases alive, tells the cache what has been delivered, and registers them again
 * after the cache was lost. A charged hold is remembered until the cache says that it is resolved, since until then it must be
 * registered again as well.
 */
export class OpenHolds {
  private readonly entries = new Map<string, Entry>();
  private readonly maxHolds: number;
  private readonly timer: NodeJS.Timeout;
  private readonly stopListening: () => void;
  private beforeRegistering: () => void = () => undefined;
  private mustRegister = false;
  private beating: Promise<void> | undefined;

  constructor(private readonly options: OpenHoldsOptions) {
    this.maxHolds = options.maxHolds ?? 50_000;
    this.timer = setInterval(() => this.startBeat(), options.heartbeatMs ?? 1_000).unref();
    this.stopListening = options.cache.onLost(() => {
      this.mustRegister = true;
      this.startBeat();
    });
  }

  get count(): number {
    return this.entries.size;
  }

  /**
   * A hold was granted; to be called in the same turn as the answer came. `deliveredTokens` is asked at each heartbeat.
   *
   * @throws RangeError above `maxHolds`: the projection is far behind. The hold stands, and is to be released.
   */
  add(
    hold: {
      readonly holdId: string;
      readonly budgets: readonly BudgetKey[];
      readonly granted: bigint;
      readonly context: string;
    },
    deliveredTokens: () => number,
  ): void {
    if (this.entries.size >= this.maxHolds) throw new RangeError(`more than ${this.maxHolds} holds are open`);
    this.entries.set(hold.holdId, { hold, deliveredTokens, beatsSinceCharged: 0 });
  }

  /** Takes over what was in a lease (see HoldLeases), however many holds there are: it is claimed for already, or is to be registered with the others. */
  adopt(
    hold: Entry['hold'],
    deliveredTokens: () => number,
    charged: { readonly charge: bigint; readonly position: bigint | undefined } | undefined,
  ): void {
    this.entries.set(hold.holdId, {
      hold,
      deliveredTokens,
      beatsSinceCharged: 0,
      ...(charged && { charged }),
    });
  }

  /** Called right before holds are registered after a loss, with which everything must be that is to be adopted. */
  onRegister(beforeRegistering: () => void): void {
    this.beforeRegistering = beforeRegistering;
  }

  /** The charge is durable: in the log at `position`, or, where that is undefined, in the spool. */
  settled(holdId: string, charge: bigint, position: bigint | undefined): void {
    const entry = this.entries.get(holdId);
    if (!entry) return;
    entry.charged = { charge, position };
    // Lets go of the call.
    entry.deliveredTokens = () => 0;
  }

  /** The hold is this process's business no more: released, or left to the sweeper. */
  forget(holdId: string): void {
    const entry = this.entries.get(holdId);
    if (entry) this.drop(holdId, entry);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.stopListening();
    await this.beating;
  }

  /** Emptied as well: the old tables of a Map that always changes live on until a full collection, with all that they hold. */
  private drop(holdId: string, entry: Entry): void {
    this.entries.delete(holdId);
    entry.hold = NO_HOLD;
    entry.deliveredTokens = () => 0;
  }

  private startBeat(): void {
    this.beating ??= this.beat()
      .catch((error: unknown) => this.options.onProblem(error))
      .finally(() => (this.beating = undefined));
  }

  private async beat(): Promise<void> {
    do {
      if (this.mustRegister) await this.registerAll();
      await this.renewAll();
      // Found lost while renewing: nothing that was answered is of use.
    } while (this.mustRegister);
    await this.settleAgain();
  }

  private async registerAll(): Promise<void> {
    this.mustRegister = false;
    this.beforeRegistering();
    try {
      for (const batch of inBatches([...this.entries.values()])) {
        await this.options.cache.register(batch.map(toOpenHold));
      }
    } catch (error) {
      this.mustRegister = true;
      throw error;
    }
    // A spooled charge may have been projected before the loss: kept alive here, its hold might never end. The spool renews its own.
    for (const [holdId, entry] of this.entries) {
      if (entry.charged && entry.charged.position === undefined) this.drop(holdId, entry);
    }
  }

  private async renewAll(): Promise<void> {
    for (const batch of inBatches([...this.entries.values()])) {
      const unknown = await this.options.cache.renew(
        batch.map(({ hold, deliveredTokens }) => ({
          holdId: hold.holdId,
          deliveredTokens: deliveredTokens(),
        })),
      );
      if (this.mustRegister) return;
      for (const holdId of unknown) this.endUnknown(holdId);
    }
  }

  private endUnknown(holdId: string): void {
    const entry = this.entries.get(holdId);
    if (!entry) return;
    this.drop(holdId, entry);
    if (!entry.charged) this.options.onOverrun(holdId);
  }

  private async settleAgain(): Promise<void> {
    const waiting: { holdId: string; charge: bigint; position: bigint }[] = [];
    for (const [holdId, entry] of this.entries) {
      if (entry.charged?.position === undefined) continue;
      entry.beatsSinceCharged += 1;
      if (entry.beatsSinceCharged % BEATS_BEFORE_SETTLING_AGAIN !== 0) continue;
      waiting.push({ holdId, charge: entry.charged.charge, position: entry.charged.position });
    }
    for (const batch of inBatches(waiting)) await this.options.cache.settle(batch);
  }
}

function toOpenHold({ hold, deliveredTokens, charged }: Entry): OpenHold {
  const open = { ...hold, deliveredTokens: deliveredTokens(), leaseExpiresAtMs: 0 };
  if (charged?.position === undefined) return open;
  return { ...open, settled: { charge: charged.charge, position: charged.position } };
}

function* inBatches<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let index = 0; index < items.length; index += BATCH) yield items.slice(index, index + BATCH);
}
