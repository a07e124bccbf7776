import type { AppliedEvent, SeenLog } from '../../eventstore/applied-event.js';

export { WrongLog } from '../../eventstore/wrong-log.js';

/** Where a log is kept. */
export type LogKind = 'eventstoredb' | 'postgres';

/** What the database says of its ledger. */
export interface LedgerInstance {
  readonly ledgerId: string;
  /** Undefined until a log was recognised or founded. */
  readonly logKind: LogKind | undefined;
  readonly generation: number;
}

/** What somebody has seen of the log. */
export interface Seen extends SeenLog {
  /** `this process`, `the cached balance`. */
  readonly by: string;
}

/** All that is known of the log before it is looked at. */
export interface ExpectedLog {
  readonly instance: LedgerInstance;
  readonly applied: readonly AppliedEvent[];
  readonly seen: readonly Seen[];
}

/** A log is called so in what people read. */
export const placeOf: Readonly<Record<LogKind, string>> = {
  eventstoredb: 'EventStoreDB',
  postgres: 'PostgreSQL',
};
