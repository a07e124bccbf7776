import { ZodError } from 'zod';
import type { UsageWriter } from '../../commands/usage/record-usage.js';
import type { CallEnding, EndedCall } from '../../commands/usage/call-ending.js';
import type { PlacedCall } from '../../domain/streams.js';
import type { CachedBalance } from '../../balance/cached-balance.js';
import { withDeadline } from '../../support/deadline.js';
import { repeat } from '../../support/repeat.js';
import { HoldSettler } from './hold-settler.js';
import { SettlementFailed, type Consumption, type FailedCall, type Settlement } from './settlement.js';
import { SpoolDrainer } from './spool-drainer.js';
import type { Spool } from './spool/spool.js';
import { StoreWatch, type StoreWatchOptions } from './store-watch.js';

const TICK_MS = 2_000;
const RENEW_BATCH = 500;

export interface DurableSettlementOptions extends Pick<StoreWatchOptions, 'store' | 'now' | 'log'> {
  readonly writer: UsageWriter;
  readonly spool: Spool;
  readonly balance: Pick<CachedBalance, 'settle' | 'renew'>;
  /** Runs before a charge goes to the spool, whose hold must be one by itself then. Never rejects. */
  readonly beforeSpool?: (() => Promise<void>) | undefined;
  /** Why the log must not be used, though it may be reached. */
  readonly doubt?: () => string | undefined;
  /** A charge that the log has not confirmed after this long goes to the spool. */
  readonly chargeWithinMs: number;
  /** Failed calls that may wait for the log at once; more are not recorded. */
  readonly maxFailedCalls: number;
}

export interface SettlementStats {
  /** Charges under way. */
  readonly charging: number;
  readonly spooledCharges: number;
  readonly spoolBytes: number;
  readonly holdsToSettle: number;
  readonly failedCallsDropped: number;
}

/** Charges into the log, and into the spool while the log is away; then settles the holds. */
export class DurableSettlement implements Settlement {
  private readonly charging = new Map<string, number>();
  private readonly settler: HoldSettler;
  private readonly watch: StoreWatch;
  private readonly drainer: SpoolDrainer;
  private failing = 0;
  private failedCallsDropped = 0;
  private stopTicking: (() => Promise<void>) | undefined;

  constructor(private readonly options: DurableSettlementOptions) {
    this.settler = new HoldSettler(options.balance, options.log);
    this.drainer = new SpoolDrainer(options.spool, (...spooled) => this.recover(...spooled), options.log);
    this.watch = new StoreWatch({ ...options, whenBack: () => this.drainer.drain() });
  }

  get accepting(): boolean {
    return this.notAccepting === undefined;
  }

  /** For the readiness page: why no call is accepted. */
  get notAccepting(): string | undefined {
    const doubt = this.options.doubt?.();
    if (doubt !== undefined) return doubt;
    if (!this.watch.reachable) return 'the event store cannot be reached';
    return this.options.spool.full ? 'the spool is full or cannot be written' : undefined;
  }

  get stats(): SettlementStats {
    return {
      charging: this.charging.size,
      spooledCharges: this.drainer.spooled.size,
      spoolBytes: this.options.spool.bytes,
      holdsToSettle: this.settler.waiting,
      failedCallsDropped: this.failedCallsDropped,
    };
  }

  /** Whether this process still works on the call's charge: no sweeper's business. */
  owns(callId: string): boolean {
    return this.charging.has(callId) || this.drainer.spooled.has(callId);
  }

  /** Drains what an earlier process left, and begins to watch the store. */
  async start(): Promise<void> {
    await this.watch.start();
    this.stopTicking = repeat(TICK_MS, () => this.tick());
  }

  /** After the last charge: waits until the holds are settled and a last drain was tried. */
  async close(): Promise<void> {
    await this.stopTicking?.();
    if (this.watch.reachable) await this.drainer.drain().catch(() => undefined);
    await this.watch.stop();
    await this.settler.flush();
    await this.options.spool.close();
  }

  async charge(consumption: Consumption): ReturnType<Settlement['charge']> {
    const callId = consumption.call_id;
    this.charging.set(callId, consumption.usage.completion_tokens);
    // Before anything is sent: what was sent and not answered may be there.
    const after = this.endingAfter(consumption);
    try {
      return await (this.watch.reachable ? this.toLog(consumption, after) : this.toSpool(consumption, after));
    } finally {
      this.charging.delete(callId);
    }
  }

  endingAfter(call: PlacedCall): bigint | undefined {
    return this.options.writer.endingAfter(call);
  }

  fail(failed: FailedCall): void {
    if (!this.watch.reachable || this.failing >= this.options.maxFailedCalls) {
      this.failedCallsDropped += 1;
      return;
    }
    this.failing += 1;
    this.options.writer
      .end({ event: { type: 'call-failed', data: failed }, recovered: false })
      .catch((error: unknown) => {
        this.failedCallsDropped += 1;
        this.options.log.warn({ err: error, callId: failed.call_id }, 'a failed call could not be recorded');
      })
      .finally(() => (this.failing -= 1));
  }

  private async toLog(consumption: Consumption, after: bigint | undefined): ReturnType<Settlement['charge']> {
    const recorded = this.record(consumption, { recovered: false });
    try {
      const { position } = await withDeadline(recorded, this.options.chargeWithinMs);
      this.watch.succeeded();
      return { durable: 'log', position };
    } catch (error) {
      // The event breaks its own schema: the spool would only hide it.
      if (error instanceof ZodError) throw error;
      this.watch.failed(error);
      return this.toSpool(consumption, after);
    }
  }

  private async toSpool(
    consumption: Consumption,
    after: bigint | undefined,
  ): ReturnType<Settlement['charge']> {
    try {
      await this.options.beforeSpool?.();
      await this.options.spool.append(consumption, after);
      this.drainer.note(consumption);
      return { durable: 'spool' };
    } catch (error) {
      if (error instanceof ZodError) throw error;
      this.options.log.error({ err: error }, 'the spool cannot take a charge: the log is tried once more');
    }
    try {
      return { durable: 'log', position: (await this.record(consumption, { recovered: false })).position };
    } catch (error) {
      throw new SettlementFailed('neither the event store nor the spool took the charge', { cause: error });
    }
  }

  private async recover(consumption: Consumption, after: bigint | undefined): Promise<void> {
    await this.record(consumption, { recovered: true, after });
  }

  /** However late the log answers, the hold is settled then. */
  private async record(data: Consumption, how: Omit<CallEnding, 'event'>): Promise<EndedCall> {
    const ended = await this.options.writer.end({ event: { type: 'consumption-recorded', data }, ...how });
    this.settler.settle({ holdId: data.call_id, charge: ended.quota, position: ended.position });
    return ended;
  }

  /** Keeps alive the holds of charges that are not in the log, shows life, and drains what is left. Never rejects. */
  private async tick(): Promise<number> {
    try {
      await this.options.spool.tick();
      await this.renew();
      if (this.watch.reachable) await this.drainer.drain();
    } catch (error) {
      this.options.log.warn({ err: error }, 'the spool could not be looked after; it is tried again');
    }
    return TICK_MS;
  }

  private async renew(): Promise<void> {
    const holds = [...this.charging, ...this.drainer.spooled].map(([holdId, deliveredTokens]) => ({
      holdId,
      deliveredTokens,
    }));
    for (let index = 0; index < holds.length; index += RENEW_BATCH) {
      await this.options.balance.renew(holds.slice(index, index + RENEW_BATCH)).catch(() => undefined);
    }
  }
}
