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

/** About 20 MB when full; at 500 charges a second it reaches back more than three minutes. */
const MAX_KNOWN_CALLS = 100_000;

/** The calls that were seen in the log lately, of all streams, so that a call that ended is not looked for in the log again. */
export class KnownCalls {
  readonly #calls = new Map<string, KnownCall & { readonly learnedAtMs: number }>();
  #forgottenUntilMs = -Infinity;

  constructor(private readonly max = MAX_KNOWN_CALLS) {}

  /** What was learned up to this moment (this process's clock) may have been forgotten since. */
  get forgottenUntilMs(): number {
    return this.#forgottenUntilMs;
  }

  find(callId: string): KnownCall | undefined {
    return this.#calls.get(callId);
  }

  /** In any order: of the events of a call the last one tells how it ended. `position`: the event's own or a later one of its append. */
  learn(event: UsageEvent, position: bigint, nowMs: number): void {
    const callId = event.data.call_id;
    const known = this.#calls.get(callId);
    if (known && known.position > position) return;
    this.#calls.delete(callId);
    const charge = evolveCallCharge(known?.charge ?? initialCallCharge(), event);
    this.#calls.set(callId, { charge, position, learnedAtMs: nowMs });
    if (this.#calls.size > this.max) this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const [callId, { learnedAtMs }] of this.#calls) {
      this.#calls.delete(callId);
      this.#forgottenUntilMs = Math.max(this.#forgottenUntilMs, learnedAtMs);
      return;
    }
  }
}
