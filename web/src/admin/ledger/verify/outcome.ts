import type { Job } from '../jobs/job-queries.ts';

export type SumName = 'credited' | 'refunded' | 'granted' | 'charged' | 'corrected' | 'balance';

interface Sum {
  readonly name: SumName;
  readonly events: string;
  readonly tables: string;
}

interface Difference {
  readonly check: string;
  readonly key: string;
  readonly accountId: string | null;
  readonly expected: string;
  readonly found: string;
}

/** What a verification came to. Those of an earlier version know no sums. */
export interface Verification {
  readonly clean: boolean;
  /** Rows that differ. */
  readonly drift: number;
  readonly position: string;
  readonly behind: number;
  readonly events: number;
  readonly passed_over?: { readonly skipped: number; readonly foreign: number };
  readonly accounts: number;
  readonly accounts_differing?: number;
  readonly digest?: string;
  readonly sums?: readonly Sum[];
  readonly checks: readonly {
    readonly name: string;
    readonly compared: number;
    readonly differences: number;
  }[];
  readonly differences: readonly Difference[];
}

export const verificationOf = ({ type, state, outcome }: Job): Verification | undefined =>
  type === 'verify' && state === 'finished' && outcome ? (outcome as unknown as Verification) : undefined;

/** By how much the balances of all users are off; undefined where the sums agree or are not known. */
export function driftOfBalances({ sums }: Verification): bigint | undefined {
  const balance = sums?.find(({ name }) => name === 'balance');
  const drift = balance && BigInt(balance.tables) - BigInt(balance.events);
  return drift === 0n ? undefined : drift;
}

/** The first place of the log at which a table has another row: of checks whose rows are by place. */
export const firstPosition = ({ differences }: Verification): Difference | undefined =>
  differences
    .filter(({ key }) => /^\d+$/.test(key))
    .toSorted((a, b) => Number(BigInt(a.key) - BigInt(b.key)))[0];

const MODELS: readonly (readonly [check: RegExp, projection: string])[] = [
  [/^(balances|usage by key)/, 'balance'],
  [/^usage log/, 'usage-log'],
  [/journal/, 'journal'],
  [/^(payments|refunds)$/, 'payments'],
  [/^accounts/, 'accounts'],
  [/^keys/, 'tokens'],
  [/^(price lists|channels)/, 'catalogue'],
  [/^settings/, 'settings'],
  [/^operators/, 'operators'],
  [/^charges in doubt/, 'doubts'],
  [/^statistics/, 'statistics'],
];

/** What is judged by events alone: no table has a part in it, and none that is made anew mends it. */
const OF_THE_LOG: ReadonlySet<string> = new Set([
  'seals of events',
  'signed checkpoints',
  'positions of the log follow one another',
  'revisions of a stream follow one another',
  'every event has an id of its own',
  'every event is readable',
  'payments are credited once',
  'refunds stay within their payment',
  'holds are resolved once',
]);

/** In how many places the log is not what it was, whatever the tables say. */
export const differencesOfLog = ({ checks }: Verification): number =>
  checks.reduce((sum, { name, differences }) => sum + (OF_THE_LOG.has(name) ? differences : 0), 0);

/** The read model whose tables differ; `all` where it is more than one or none of them. */
export function projectionOf({ checks }: Verification): string {
  const models = new Set(
    checks
      .filter(({ differences }) => differences > 0)
      .map(({ name }) => MODELS.find(([check]) => check.test(name))?.[1] ?? 'all'),
  );
  const [only] = models;
  return models.size === 1 && only !== undefined ? only : 'all';
}
