import type { Decision } from '../../domain/decider.js';
import type { DomainEvent } from '../../domain/events/catalogue.js';
import type { Refusal } from '../../domain/refusal.js';
import { BEFORE_FIRST, type ExpectedRevision } from '../../eventstore/event-store.js';
import type { Loaded } from './load.js';
import type { GuardRaise } from './ports.js';

export interface PlannedWrite {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly DomainEvent[];
}

/** What a command wants to happen, given what it has just read. */
export type Plan<Value> =
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      /** Raised all the same: what is refused now may have been done by an attempt that died before it raised them. */
      readonly guards?: readonly GuardRaise[];
    }
  | {
      readonly kind: 'accepted';
      /** In the order in which they are to be stored; those without events are left out. */
      readonly writes: readonly PlannedWrite[];
      readonly value: Value;
      /** Where what the answer speaks of is in the log, when nothing is appended. */
      readonly position: bigint;
      readonly replayed: boolean;
      /** Made without reading all that it depends on: a conflict is no rival's, and it is planned again at once, however late it is. */
      readonly isSupposed?: boolean;
      /** Raised before the command answers, also when nothing is appended: the attempt before may have died in between. */
      readonly guards?: readonly GuardRaise[];
    };

export const refused = (refusal: Refusal): Extract<Plan<never>, { kind: 'refused' }> => ({
  kind: 'refused',
  refusal,
});

/** The position of the last event of a stream. */
export const lastPosition = (loaded: Loaded<unknown>): bigint => loaded.positions.at(-1) ?? BEFORE_FIRST;

/** The last revision of a stream once a write is stored. */
export function revisionAfter({ expected, events }: Pick<PlannedWrite, 'expected' | 'events'>): bigint {
  return (expected === 'no-stream' ? BEFORE_FIRST : expected) + BigInt(events.length);
}

/** A write of what was decided about one stream. */
export const writeOf = (loaded: Loaded<unknown>, events: readonly DomainEvent[]): PlannedWrite => ({
  stream: loaded.stream,
  expected: loaded.expected,
  events,
});

/** The plan of a command that touches one stream. */
export function planOne<Value>(
  loaded: Loaded<unknown>,
  decision: Decision<DomainEvent>,
  value: Value,
  options: { readonly guard?: GuardRaise['key']; readonly position?: bigint } = {},
): Plan<Value> {
  if (decision.kind === 'refused') return decision;
  const write = writeOf(loaded, decision.events);
  return {
    kind: 'accepted',
    writes: [write],
    value,
    position: options.position ?? lastPosition(loaded),
    replayed: decision.replayed ?? false,
    ...(options.guard && { guards: [{ key: options.guard, revision: revisionAfter(write) }] }),
  };
}
