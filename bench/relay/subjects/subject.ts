/** One of the things measured against each other: a process that takes calls and hands them to the upstream. */
export interface Subject {
  readonly name: string;
  readonly url: string;
  /** Where it is several processes that take calls; absent: the one. */
  readonly urls?: readonly string[];
  /** Used in turn, beside the headers. */
  readonly accessKeys?: readonly string[];
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The processes whose CPU time and memory count. */
  readonly pids: readonly number[];
  /** What of its cost lies in other processes: a cache, a store, a projector. */
  readonly helpers: readonly number[];
  /** What processes beside the measured ones, and descendants of them, are for; the others count as other. */
  names?(): Promise<ReadonlyMap<number, string>>;
  /** Charges made so far, once all that follows from them is done; undefined where nobody is charged. */
  charges?(): Promise<number>;
  stop(): Promise<void>;
}

export const CHAT_PATH = '/v1/chat/completions';
export const JSON_HEADERS = { 'content-type': 'application/json' } as const;
