/** Quota of an account that came in at once: each credit and grant is one. Charges burn them one after another. */
export interface Lot {
  /** Where in the log it came in. */
  readonly position: bigint;
  readonly accountId: string;
  readonly origin: 'granted' | 'corrected' | 'purchased';
  /** The grant, payment, adjustment or call. */
  readonly reference: string;
  readonly priority: number;
  /** Null: never. */
  readonly endsAt: Date | null;
  readonly quota: bigint;
  readonly remaining: bigint;
  /** No charge burns it any more. */
  readonly isClosed: boolean;
}

/** What was burned of a grant by one event. */
export interface Allocation {
  readonly position: bigint;
  readonly grantId: string;
  readonly quota: bigint;
}

const RANKS = { granted: 0, corrected: 1, purchased: 2 } as const;

/** Priority, then what ends first, then what was given before what was paid for, then what came in first. */
export function burnsBefore(one: Lot, other: Lot): number {
  if (one.priority !== other.priority) return one.priority - other.priority;
  const ends = endOf(one) - endOf(other);
  if (ends !== 0 && !Number.isNaN(ends)) return ends;
  if (one.origin !== other.origin) return RANKS[one.origin] - RANKS[other.origin];
  return one.position < other.position ? -1 : 1;
}

const endOf = ({ endsAt }: Lot): number => endsAt?.getTime() ?? Infinity;

/** An account below zero owes: what comes in next goes there first, so that lots less debt are its balance at every place of the log. */
export interface Lots {
  /** In the order in which they burn. */
  readonly lots: readonly Lot[];
  readonly debt: bigint;
}

export interface Moved extends Lots {
  readonly burned: readonly { readonly lot: Lot; readonly quota: bigint }[];
}

const unburned = ({ lots, debt }: Lots): Moved => ({ lots, debt, burned: [] });

/** A new lot, of which what is owed is paid first. */
export function added({ lots, debt }: Lots, lot: Omit<Lot, 'remaining' | 'isClosed'>): Moved {
  const paid = debt < lot.quota ? debt : lot.quota;
  const whole: Lot = { ...lot, remaining: lot.quota - paid, isClosed: false };
  const at = lots.findLastIndex((each) => burnsBefore(each, whole) < 0) + 1;
  return unburned({ lots: lots.toSpliced(at, 0, whole), debt: debt - paid });
}

/**
 * Takes quota: of the lots that are named first, then of all that are open, as charges burn them; what none of them has is owed.
 *
 * @param first those of which it is taken before the others, closed ones too
 */
export function taken({ lots, debt }: Lots, quota: bigint, first: readonly Lot[] = []): Moved {
  const burned: { readonly lot: Lot; readonly quota: bigint }[] = [];
  const after = [...lots];
  let left = quota;
  const burn = (lot: Lot, index: number): void => {
    const part = left < lot.remaining ? left : lot.remaining;
    if (part === 0n || after[index] !== lot) return;
    after[index] = { ...lot, remaining: lot.remaining - part };
    burned.push({ lot, quota: part });
    left -= part;
  };
  for (const lot of first) burn(lot, lots.indexOf(lot));
  // An account may have thousands, of which a charge burns one or two.
  for (let index = 0; left > 0n && index < lots.length; index++) {
    const lot = lots[index];
    if (lot && !lot.isClosed) burn(lot, index);
  }
  return { lots: after, debt: debt + left, burned };
}

/** Quota comes into a lot again that it was taken of; what is owed is paid first. */
export function returned({ lots, debt }: Lots, quota: bigint, to: Lot): Moved {
  const paid = debt < quota ? debt : quota;
  const refilled = lots.map((lot) =>
    lot === to ? { ...lot, remaining: lot.remaining + quota - paid } : lot,
  );
  return unburned({ lots: refilled, debt: debt - paid });
}

export const closed = ({ lots, debt }: Lots, which: Lot): Moved =>
  unburned({ lots: lots.map((lot) => (lot === which ? { ...lot, isClosed: true } : lot)), debt });

/** A closed lot ends: what of it was not taken pays what is owed meanwhile. */
export function ended(before: Lots, quota: bigint, which: Lot): Moved {
  const after = taken(before, quota, [which]);
  const rest = after.lots.find(({ position }) => position === which.position);
  const paid = rest && rest.remaining < after.debt ? rest.remaining : after.debt;
  if (!rest || paid === 0n) return after;
  const lots = after.lots.map((lot) => (lot === rest ? { ...lot, remaining: lot.remaining - paid } : lot));
  return { ...after, lots, debt: after.debt - paid };
}
