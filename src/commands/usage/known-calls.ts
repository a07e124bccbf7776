import {
  evolveCallCharge,
  initialCallCharge,
  type CallCharge,
  type UsageEvent,
} from '../../domain/usage/state.js';

export interface KnownCall {
  readonly charge: CallCharge;
  /** Log position of the last event about the call. */
  readonly position: bigint;
}

/** About 40 MB when full; at 500 charges a second it reaches back more than three minutes. */
const MAX_KNOWN_CALLS = 200_000;

interface Generation {
  readonly calls: Map<string, KnownCall>;
  learnedUntilMs: number;
}

/**
 * The calls that were seen in the log lately, of all streams, so that a call that ended is not looked for in the log again. In two
 * generations, as in RecentMap; but only learning counts as a use.
 */
export class KnownCalls {
  private younger: Generation = { calls: new Map(), learnedUntilMs: -Infinity };
  private older: Generation = { calls: new Map(), learnedUntilMs: -Infinity };
  private forgottenMs = -Infinity;

  constructor(private readonly max = MAX_KNOWN_CALLS) {}

  /** What was learned up to this moment (this process's clock) may have been forgotten since. */
  get forgottenUntilMs(): number {
    return this.forgottenMs;
  }

  find(callId: string): KnownCall | undefined {
    return this.younger.calls.get(callId) ?? this.older.calls.get(callId);
  }

  /** In any order: of the events of a call the last one tells how it ended. `position`: the event's own or a later one of its append. */
  learn(event: UsageEvent, position: bigint, nowMs: number): void {
    const callId = event.data.call_id;
    const known = this.find(callId);
    if (known && known.position > position) return;
    const charge = evolveCallCharge(known?.charge ?? initialCallCharge(), event);
    const { calls, learnedUntilMs } = this.younger;
    calls.set(callId, { charge, position });
    this.younger.learnedUntilMs = Math.max(learnedUntilMs, nowMs);
    if (calls.size * 2 >= this.max) this.forgetOlder();
  }

  private forgetOlder(): void {
    this.forgottenMs = Math.max(this.forgottenMs, this.older.learnedUntilMs);
    this.older = this.younger;
    this.younger = { calls: new Map(), learnedUntilMs: -Infinity };
  }
}
