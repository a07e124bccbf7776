import { AuditRefused, BooksDisagree } from '../books/audit/faults.js';
import { NotDigestible } from '../books/digest/digest-books.js';
import { WrongFile } from '../books/reconcile/tabular/tabular-file.js';
import { NotVerifiable } from '../books/verify/verify-books.js';
import { PoisonEvent } from '../projections/runtime/faults.js';
import { RebuildUnderWay } from '../projections/runtime/rebuild.js';
import { NotRebuildable } from '../projections/runtime/rebuildable.js';
import { isUnavailable } from '../support/unavailable.js';

/** The job was cancelled, or taken from this process. Tasks let it pass. */
export class JobEnded extends Error {
  override readonly name = 'JobEnded';
}

/** What was asked for cannot be done, in words for whoever asked. */
export class JobFault extends Error {
  override readonly name = 'JobFault';
}

const told = [
  JobFault,
  AuditRefused,
  BooksDisagree,
  WrongFile,
  NotDigestible,
  NotRebuildable,
  NotVerifiable,
  PoisonEvent,
  RebuildUnderWay,
];

/** The command says --from where a request says from. */
const withoutDashes = (message: string): string => message.replaceAll(/--(?=\w)/g, '');

/** What is wrong with what was asked, told before anything is begun. */
export function asJobFault(error: unknown): unknown {
  if (error instanceof RangeError || error instanceof WrongFile || error instanceof NotRebuildable)
    return new JobFault(withoutDashes(error.message));
  return error;
}

/** Words of ours where they are for people; anything else is for the log of the process. */
export function faultOfRun(error: unknown, onFault: (error: unknown) => void): string {
  if (told.some((kind) => error instanceof kind)) return withoutDashes((error as Error).message);
  onFault(error);
  return isUnavailable(error)
    ? 'a server that is needed could not be reached'
    : 'something unexpected happened: the log of the process has it';
}
