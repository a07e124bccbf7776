import type pg from 'pg';
import type { CachedBalance } from '../balance/cached-balance.js';
import type { journalFormats } from '../books/export/export-journal.js';
import type { ReconciliationRequest } from '../books/reconcile/reconciliation.js';
import type { LogSeals } from '../books/verify/seal-check.js';
import type { VerifyOptions } from '../books/verify/verify-books.js';
import type { EventStore, JsonObject } from '../eventstore/event-store.js';
import type { OpenTexts } from '../support/personal-data-vault.js';

/** What is asked of a job, all texts as they were typed. */
export type JobInput =
  | { readonly type: 'verify' | 'digest' | 'backup' | 'drill' }
  | {
      readonly type: 'rebuild';
      /** Of a read model, or `all`. */
      readonly projection: string;
      /** `compare`: the new tables are thrown away. `accept`: they are swapped in although they differ. */
      readonly mode: 'compare' | 'swap' | 'accept';
    }
  | {
      readonly type: 'export';
      readonly format: keyof typeof journalFormats;
      readonly from?: string | undefined;
      readonly to?: string | undefined;
    }
  | ({
      readonly type: 'reconcile';
      /** Files that were put here for it. */
      readonly files: readonly string[];
      readonly report: 'csv' | 'json' | 'table';
    } & Omit<ReconciliationRequest, 'path' | 'morePaths'>);

export const jobTypes = [
  'verify',
  'rebuild',
  'export',
  'reconcile',
  'digest',
  'backup',
  'drill',
] as const satisfies JobInput['type'][];
export type JobType = (typeof jobTypes)[number];

/** `interrupted`: the process that did it ended, or died. */
export const jobStates = ['running', 'finished', 'failed', 'cancelled', 'interrupted'] as const;
export type JobState = (typeof jobStates)[number];

/** How far a job is. In what is counted depends on the job: places of the log, entries. */
export interface JobProgress {
  readonly done: bigint;
  /** Undefined: nobody knows yet. */
  readonly total?: bigint | undefined;
}

export interface JobFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
}

export interface Job extends JobProgress {
  /** A UUID of version 7: the newer, the larger. */
  readonly id: string;
  readonly type: JobType;
  readonly input: JsonObject;
  readonly startedBy: string;
  readonly state: JobState;
  /** Somebody wants it to end, and it is still under way. */
  readonly cancelRequested: boolean;
  /** What it came to, in short: `clean` says whether all is as it should be. Undefined before its end. */
  readonly outcome: JsonObject | undefined;
  /** Why it failed, for people. */
  readonly fault: string | undefined;
  readonly createdAt: Date;
  readonly endedAt: Date | undefined;
  /** What it made. */
  readonly result: JobFile | undefined;
}

/** Backups into the folder that the environment names. What they answer is told as JSON. */
export interface Backups {
  readonly isEncrypted: boolean;
  /** Writes what is new. @throws JobFault, JobEnded */
  write(report: Report): Promise<object>;
  /** Writes, restores elsewhere, verifies there, and throws that away. @throws JobFault, JobEnded */
  drill(report: Report): Promise<object>;
}

/** Says how far it is. Throws JobEnded where it is to go no further: tasks let that pass. */
export type Report = (progress: JobProgress) => void;

/** What tasks work with. */
export interface TaskContext {
  readonly store: EventStore;
  readonly pool: pg.Pool;
  /** Undefined where this process cannot see those of the others. */
  readonly cachedBalance: CachedBalance | undefined;
  readonly openTexts: OpenTexts;
  /** IANA name: days begin in it. */
  readonly timezone: string;
  /** By what the log is sealed as far as it is known now; without it seals are not looked at one by one. */
  readonly seals?: () => LogSeals;
  /** What was signed of the log. */
  readonly signed?: () => Promise<VerifyOptions['signed']>;
  /** Undefined where no folder is named for them. */
  readonly backups: Backups | undefined;
  readonly report: Report;
  /** Writes a file that was put here into a folder of this job's own. @throws JobFault when it is not there any more */
  readonly openFile: (id: string) => Promise<string>;
  /** Told of what each verification of the books came to. */
  readonly onVerified: (found: { readonly drift: number; readonly position: bigint }) => Promise<void>;
}

export interface TaskResult {
  readonly outcome: JsonObject;
  readonly file?: {
    readonly name: string;
    readonly mediaType: string;
    readonly pieces: AsyncIterable<string> | Iterable<string>;
  };
}
