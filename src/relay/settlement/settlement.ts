import type { EventOf } from '../../domain/events/catalogue.js';
import type { PlacedCall } from '../../domain/streams.js';

export type Consumption = EventOf<'consumption-recorded'>['data'];
export type FailedCall = EventOf<'call-failed'>['data'];

/**
 * Where a call ends: its charge becomes durable, once, whatever happens to the event store meanwhile.
 *
 * The call id names the charge: `charge` may be repeated at will, and a call id is charged at most once over all processes.
 * While a charge is under way or waits in the spool its hold is kept alive here; once it is in the log the hold is settled here,
 * after `charge` has resolved. A caller that registers holds again after a cache loss should remember the charged ones with their
 * `position` until the projection has passed it.
 */
export interface Settlement {
  /** False while the log cannot be reached (or the spool is full): new calls are refused with ledger_unavailable. */
  readonly accepting: boolean;
  /**
   * Resolves when the charge is durable, in the log or in the fsynced spool. Rejects with SettlementFailed only when neither
   * could be written (disk full or broken): the end of the answer must then be withheld.
   */
  charge(
    consumption: Consumption,
  ): Promise<{ readonly durable: 'log'; readonly position: bigint } | { readonly durable: 'spool' }>;
  /** Where whoever must resolve the call begins to look for its ending: see `UsageWriter`. */
  endingAfter(call: PlacedCall): bigint | undefined;
  /** Best effort, bounded: a call that cost nothing. Never throws. */
  fail(failed: FailedCall): void;
}

/** Neither the log nor the spool took the charge. */
export class SettlementFailed extends Error {
  override readonly name = 'SettlementFailed';
}
