import type pg from 'pg';
import type { DomainEvent, EventType } from '../../domain/events/catalogue.js';
import type { StoredCharge } from '../../domain/usage/stored-charge.js';
import type { RecordedEvent } from '../../eventstore/event-store.js';

/** Where an event stands in the log. */
export type Place = Pick<RecordedEvent, 'id' | 'stream' | 'revision' | 'position' | 'recordedAt'> & {
  /** When the service got the command: of a credit alone, and of none from before that was written down. */
  readonly receivedAt?: Date | undefined;
};

/** A decoded event, its place, and the name it has there: the event itself may have been brought to a newer version. */
export type WholeEvent = DomainEvent & Place & { readonly storedType: string };

/** An event as read models see it: of the charge of an answered call, which most events are, what they need. */
export type LedgerEvent =
  | Exclude<WholeEvent, { type: 'consumption-recorded' }>
  | (Place & {
      readonly type: 'consumption-recorded';
      readonly data: StoredCharge;
      readonly storedType: string;
    });
/** What an event says, without its place. */
export type Told = { [Type in EventType]: Pick<LedgerEventOf<Type>, 'type' | 'data'> }[EventType];

export type LedgerEventOf<Type extends EventType> = Extract<LedgerEvent, { type: Type }>;
export type WholeEventOf<Type extends EventType> = Extract<WholeEvent, { type: Type }>;

/** Anything that runs a statement: a pool for reads, a client within a transaction for writes. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** What an event that cannot be projected does: the ledger stops and says so, statistics note it and go past. */
export const onPoison = { ledger: 'stop', statistics: 'quarantine' } as const;
export type Group = keyof typeof onPoison;

/**
 * One read model: tables in a Postgres schema of their own, filled from the log alone. A projection never reads the tables of
 * another one while it applies, so that each can be rebuilt by itself.
 */
export interface Projection {
  /** `usage-log`: its tables live in the schema `p_usage_log`. */
  readonly name: string;
  /** Projections of a group advance together, in one transaction a batch. */
  readonly group: Group;
  /** Another version has other tables or other rows: they are built beside the old ones and swapped in. */
  readonly version: string;
  /** Tables (of digests and comparisons), without the schema. */
  readonly tables: readonly string[];
  /** Only these reach `apply`. */
  readonly handles: readonly EventType[];
  /** Creates the tables, with the keys that applying needs; the schema exists. */
  ddl(schema: string): string;
  /** Creates what only readers need, where it is not there: a rebuild does it once its tables are filled. */
  indexes?(schema: string): string;
  /**
   * Applies events in log order, each exactly once, within the caller's transaction: a few set-based statements a batch, none an event.
   * The same events in other batches must end in the same rows.
   */
  apply(tx: Queryable, schema: string, events: readonly LedgerEvent[]): Promise<void>;
}

export type Slot = 'live' | 'next';

/** The Postgres schema of a projection's tables, live or being rebuilt. */
export function schemaOf(name: string, slot: Slot = 'live'): string {
  const schema = `p_${name.replaceAll('-', '_')}`;
  return slot === 'live' ? schema : `${schema}_next`;
}

/** Consecutive places of the log: what lies after `after` up to and including `position`. */
export interface Batch {
  readonly after: bigint;
  readonly position: bigint;
  readonly events: readonly LedgerEvent[];
}

/** An event of one of the given types. */
export function isOneOf<Type extends EventType>(
  event: LedgerEvent,
  ...types: readonly Type[]
): event is LedgerEventOf<Type> {
  return (types as readonly EventType[]).includes(event.type);
}
