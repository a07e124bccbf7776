import type { OutboxFigures } from '../../reactions/outbox/outbox.js';
import type { Standing } from '../../projections/runtime/standing.js';

/** Processes of a role that are connected to the database. */
export interface ConnectedRole {
  /** As connections are named there: `all`, `api`, `relay`, `projector`, or a command. */
  readonly role: string;
  readonly connections: number;
  /** Of the oldest of them. */
  readonly since: Date;
}

/** What runs here and how it is, without hosts and secrets. */
export interface SystemView {
  readonly version: string;
  readonly node: string;
  readonly startedAt: Date;
  readonly role: string;
  readonly ledgerId: string;
  readonly log: {
    readonly kind: 'postgres' | 'eventstoredb';
    /** How often an older copy of the log was accepted. */
    readonly generation: number;
    /** Undefined while it cannot be read. */
    readonly head: bigint | undefined;
    /** Why the log must not be used. */
    readonly doubt: string | undefined;
  };
  readonly database: { readonly embedded: boolean; readonly version: string };
  readonly balances: 'redis' | 'process';
  readonly connected: readonly ConnectedRole[];
  readonly parts: readonly {
    readonly part: string;
    readonly ready: boolean;
    readonly reason: string | undefined;
  }[];
  readonly standings: readonly Standing[];
  readonly outbox: OutboxFigures;
  readonly mails: { readonly waiting: number; readonly failed: number };
  /** Where checkpoints of the signed log go. */
  readonly anchors: readonly {
    readonly name: string;
    /** Entries of the last checkpoint that it has. */
    readonly size: number;
    readonly anchoredAt: Date | undefined;
    readonly failures: number;
    readonly failingSince: Date | undefined;
    readonly lastFault: string | undefined;
  }[];
  /** Of this process; undefined where it does no such work. */
  readonly figures: Readonly<Record<SystemFigure, number | undefined>>;
  readonly variables: readonly {
    readonly name: string;
    readonly isSet: boolean;
    readonly isSecret: boolean;
    readonly value: string | null;
  }[];
}

export const systemFigures = [
  'calls_in_flight',
  'open_holds',
  'usage_pending',
  'spooled_charges',
  'spool_files_set_aside',
  'unresolvable_holds',
] as const;
export type SystemFigure = (typeof systemFigures)[number];
