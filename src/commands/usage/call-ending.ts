import type { EndCall } from '../../domain/usage/decide.js';

/** A call that ended, as it is handed to the usage writer. */
export interface CallEnding {
  readonly event: EndCall;
  /** From a spool or a sweeper: another process, with a clock of its own, may have served the call. */
  readonly recovered: boolean;
  /** The call's ending, if there is one, stands behind this revision of its stream. */
  readonly after?: bigint | undefined;
}

/** What the log says of the call now. */
export interface EndedCall {
  /** Log position at which (or, within one append, soon after which) the call's charge stands. */
  readonly position: bigint;
  /** What the account has been charged for the call. */
  readonly quota: bigint;
  /** `found`: it was there already. `corrected`: it had been abandoned and now has its true charge. */
  readonly how: 'appended' | 'corrected' | 'found';
}
