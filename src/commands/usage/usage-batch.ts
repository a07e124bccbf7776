import { setTimeout as wait } from 'node:timers/promises';
import type { UsageEvent } from '../../domain/usage/state.js';
import { usageDecider } from '../../domain/usage/decide.js';
import type { AppendOutcome, EventData, EventStore } from '../../eventstore/event-store.js';
import { pauseMs } from '../../support/backoff.js';
import { appendUntilKnown } from '../handling/append-until-known.js';
import { LedgerUnavailable } from '../handling/command.js';
import type { CallEnding, EndedCall } from './call-ending.js';
import { toEventData } from './event-data.js';
import type { UsageHistory } from './usage-history.js';

type Appended = Extract<AppendOutcome, { outcome: 'appended' }>;

/** A call on its way into the log, and who waits for it. */
export interface PendingEnding extends CallEnding {
  /** The event as it is stored when nothing is known of the call. */
  readonly data: EventData;
  readonly startedAtMs: number;
  readonly resolve: (ended: EndedCall) => void;
  readonly reject: (reason: unknown) => void;
}

const BACKOFF = { baseDelayMs: 20, maxDelayMs: 500 };

interface Plan {
  /** What each waiting call adds to the stream; undefined: it repeats another of the same batch. */
  readonly additions: readonly { readonly pending: PendingEnding; readonly event: UsageEvent | undefined }[];
  readonly events: readonly UsageEvent[];
  readonly data: readonly EventData[];
}

/** Writes one batch of ended calls to one usage stream: looks, decides, appends at the exact revision. */
export class UsageBatch {
  constructor(
    private readonly store: Pick<EventStore, 'append'>,
    private readonly history: UsageHistory,
    private readonly stream: string,
    /** By performance.now(); no further try begins after it. */
    private readonly deadlineMs: number,
  ) {}

  /** Resolves every call of the batch. @throws LedgerUnavailable or EventStoreUnavailable; the calls left are then unresolved. */
  async write(batch: readonly PendingEnding[]): Promise<void> {
    let open = batch;
    for (let conflicts = 0; ; conflicts++) {
      const expected = await this.history.cover(this.stream, {
        ids: new Set(open.map(({ event }) => event.data.call_id)),
        sinceMs: Math.min(...open.map(({ startedAtMs }) => startedAtMs)),
        otherClock: open.some(({ recovered }) => recovered),
        after: earliest(open.map(({ after }) => after)),
      });
      const plan = this.decide(open);
      if (plan.events.length === 0) return;
      const write = { stream: this.stream, expected, events: plan.data };
      const outcome = await appendUntilKnown(this.store, [write], {
        backoff: BACKOFF,
        deadlineMs: this.deadlineMs,
        now: () => performance.now(),
        unavailableAttempts: 1,
        leavesDoubt: true,
      });
      if (outcome.outcome === 'appended') return this.resolveAppended(plan, outcome);
      await this.history.catchUp(this.stream, expected);
      open = plan.additions.map(({ pending }) => pending);
      const delayMs = pauseMs(BACKOFF, conflicts);
      if (performance.now() + delayMs > this.deadlineMs)
        throw new LedgerUnavailable('other writers were always faster');
      await wait(delayMs);
    }
  }

  /** Answers the calls that have nothing to add, and plans the others. */
  private decide(batch: readonly PendingEnding[]): Plan {
    const additions: { pending: PendingEnding; event: UsageEvent | undefined }[] = [];
    const decidedHere = new Map<string, UsageEvent>();
    for (const pending of batch) {
      const callId = pending.event.data.call_id;
      const known = this.history.find(callId);
      const earlier = decidedHere.get(callId);
      const before = known?.charge ?? usageDecider.initialState();
      const state = earlier ? usageDecider.evolve(before, earlier) : before;
      const decision = usageDecider.decide(pending.event, state);
      if (decision.kind === 'refused') throw new Error(`a call was refused: ${decision.refusal.code}`);
      const [event] = decision.events;
      if (event) decidedHere.set(callId, event);
      if (event ?? earlier) additions.push({ pending, event });
      else if (known)
        pending.resolve({ position: known.position, quota: quotaOf(known.charge), how: 'found' });
    }
    const events = additions.flatMap(({ event }) => event ?? []);
    const data = additions.flatMap(({ pending, event }) => {
      if (!event) return [];
      return event === pending.event ? pending.data : toEventData(event);
    });
    return { additions, events, data };
  }

  private resolveAppended(plan: Plan, { position, revisions }: Appended): void {
    const revision = revisions[0];
    if (revision === undefined) throw new Error('an append of one write answers one revision');
    this.history.appended(this.stream, plan.events, revision, position);
    for (const { pending, event } of plan.additions) {
      const charge = this.history.find(pending.event.data.call_id)?.charge;
      pending.resolve({ position, quota: charge ? quotaOf(charge) : 0n, how: howOf(event) });
    }
  }
}

/** Undefined where it is not known of all. */
function earliest(revisions: readonly (bigint | undefined)[]): bigint | undefined {
  return revisions.reduce((least, each) => {
    if (least === undefined || each === undefined) return undefined;
    return each < least ? each : least;
  });
}

function howOf(event: UsageEvent | undefined): EndedCall['how'] {
  if (!event) return 'found';
  return event.type === 'consumption-corrected' ? 'corrected' : 'appended';
}

function quotaOf(charge: ReturnType<typeof usageDecider.initialState>): bigint {
  return charge.state === 'charged' || charge.state === 'abandoned' ? charge.quota : 0n;
}
