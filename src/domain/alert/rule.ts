/** What the owner of an account wants to be told of. */
export interface AlertRules {
  /** A balance below this; null: not. */
  readonly belowQuota: bigint | null;
  /** A key of which 80, and all, of its limit is used. */
  readonly keyUse: boolean;
  /** A day that costs far more than days usually do. */
  readonly unusualDay: boolean;
}

/** How an account stands. */
export interface AlertFacts {
  readonly balance: bigint;
  /** Keys that have a limit. */
  readonly keys: readonly { readonly tokenId: number; readonly used: bigint; readonly limit: bigint }[];
  /** Undefined where it is not asked for, or not counted yet. */
  readonly spending: Spending | undefined;
}

/** What the days of the ledger cost. */
export interface Spending {
  /** Today. */
  readonly day: string;
  readonly spent: bigint;
  /** Of the two weeks before, those days on which anything was spent. */
  readonly before: readonly bigint[];
}

/** What somebody is told once. `key` names the state, not the moment. */
export type UserAlert =
  | { readonly kind: 'balance'; readonly key: 'balance'; readonly balance: bigint; readonly below: bigint }
  | {
      readonly kind: 'key';
      readonly key: string;
      readonly tokenId: number;
      readonly percent: number;
      readonly used: bigint;
      readonly limit: bigint;
    }
  | {
      readonly kind: 'unusual-day';
      readonly key: string;
      readonly day: string;
      readonly spent: bigint;
      readonly usual: bigint;
    };

export interface AlertDecision {
  readonly tell: readonly UserAlert[];
  /** Keys of the states that hold from now on, told or not: each is told of again only after it has ended. */
  readonly open: readonly string[];
}

/** The highest first: who is told of all of it is not told of 80 as well. */
const PERCENTS = [100n, 80n] as const;
/** A key is well below again at so many percent less. */
const KEY_SLACK = 10n;
/** A balance is well above again at a fifth more. */
const [SLACK_OF, SLACK_IN] = [12n, 10n];
const TIMES_USUAL = 3n;
const DAYS_TO_COMPARE = 3;
/** One dollar: below it no day is worth a mail. */
const LEAST_UNUSUAL = 500_000n;

/**
 * What has to be told now, given what holds since before. A state that wavers around its edge is told of once: it ends only well beyond it.
 *
 * @param before keys of the states that hold
 */
export function decideUserAlerts(
  rules: AlertRules,
  facts: AlertFacts,
  before: ReadonlySet<string>,
): AlertDecision {
  const held = [
    ...balanceStates(rules, facts),
    ...keyStates(rules, facts),
    ...dayStates(rules, facts),
  ].filter(({ begins, stays, alert }) => begins || (stays && before.has(alert.key)));
  const open = held.map(({ alert }) => alert.key);
  const told = held.map(({ alert }) => alert).filter(({ key }) => !before.has(key));
  return { tell: told.filter((alert) => !isSaidBy(alert, open)), open };
}

interface State {
  readonly alert: UserAlert;
  readonly begins: boolean;
  /** Once it has begun. */
  readonly stays: boolean;
}

function balanceStates({ belowQuota: below }: AlertRules, { balance }: AlertFacts): readonly State[] {
  if (below === null) return [];
  const alert = { kind: 'balance', key: 'balance', balance, below } as const;
  return [{ alert, begins: balance < below, stays: balance * SLACK_IN < below * SLACK_OF }];
}

function keyStates({ keyUse }: AlertRules, { keys }: AlertFacts): readonly State[] {
  if (!keyUse) return [];
  return keys.flatMap(({ tokenId, used, limit }) =>
    PERCENTS.map((percent) => ({
      alert: {
        kind: 'key' as const,
        key: `key/${tokenId}/${percent}`,
        tokenId,
        percent: Number(percent),
        used,
        limit,
      },
      begins: used * 100n >= limit * percent,
      stays: used * 100n >= limit * (percent - KEY_SLACK),
    })),
  );
}

function dayStates({ unusualDay }: AlertRules, { spending }: AlertFacts): readonly State[] {
  if (!unusualDay || !spending || spending.before.length < DAYS_TO_COMPARE) return [];
  const { day, spent, before } = spending;
  const usual = before.reduce((sum, each) => sum + each, 0n) / BigInt(before.length);
  const alert = { kind: 'unusual-day', key: `day/${day}`, day, spent, usual } as const;
  // A day ends by itself.
  return [{ alert, begins: spent >= LEAST_UNUSUAL && spent > usual * TIMES_USUAL, stays: true }];
}

/** Of a key that is used up nobody is told that four fifths are. */
const isSaidBy = (alert: UserAlert, open: readonly string[]): boolean =>
  alert.kind === 'key' && alert.percent === 80 && open.includes(`key/${alert.tokenId}/100`);
