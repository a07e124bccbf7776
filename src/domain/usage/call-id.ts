/** Processes whose charges never wait for each other; more share. */
export const WRITER_LANES = 256;

/**
 * How the ids of new calls say where their charges go: with those of the account that the process serves (`account`), or with all that the
 * process serves in that hour (`process`). Every process reads both.
 */
export type CallIdForm = 'account' | 'process';
export const callIdForms = ['account', 'process'] as const satisfies readonly CallIdForm[];

/**
 * The id of a call that one process serves, with its lane in it. Whoever resolves the call, now or after a crash, finds its usage stream by
 * the id alone.
 *
 * `account`: a UUID of version 8, whose first two digits are the lane. `process`: a UUID of version 7, which begins with the time, as all of
 * that version do, and has the lane behind the version.
 *
 * @param lane from 0, below WRITER_LANES
 * @param uuid random; in lower case
 */
export function newCallId(form: CallIdForm, lane: number, nowMs: number, uuid: string): string {
  const digits = lane.toString(16).padStart(2, '0');
  if (form === 'account') return `${digits}${uuid.slice(2, 14)}8${uuid.slice(15)}`;
  const time = nowMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits}${uuid.slice(17)}`;
}

/** What the id of a call says of where its charge is. */
export interface CallPlace {
  /** Two digits; undefined: the call was made before there were lanes. */
  readonly lane: string | undefined;
  /** When the id was made, by the clock of its process; undefined: the charge is in a stream of the account. */
  readonly madeMs: number | undefined;
}

export function placeOf(callId: string): CallPlace {
  const version = callId[14];
  if (version === '7') {
    const madeMs = Number.parseInt(callId.slice(0, 8) + callId.slice(9, 13), 16);
    return { lane: callId.slice(15, 17), madeMs };
  }
  return { lane: version === '8' ? callId.slice(0, 2) : undefined, madeMs: undefined };
}
