/** What is billed beside tokens. Seconds are kept as milliseconds. */
export const units = ['images', 'seconds', 'characters', 'searches'] as const;
export type Unit = (typeof units)[number];
export type UnitCounts = Readonly<Partial<Record<Unit, bigint>>>;

/** Kinds of prompt tokens that have prices of their own; all of them are part of the prompt. */
export const tokenParts = ['cached', 'cache_write', 'cache_write_1h'] as const;
export type TokenPart = (typeof tokenParts)[number];
export type TokenParts = Readonly<Partial<Record<TokenPart, bigint>>>;

/** What files tell; only that is compared. */
export interface Measures {
  readonly calls: boolean;
  readonly tokens: boolean;
  readonly parts: readonly TokenPart[];
  readonly units: readonly Unit[];
  readonly cost: boolean;
}

/** What several files of one period tell together. */
export const together = (all: readonly Measures[]): Measures => ({
  calls: all.some(({ calls }) => calls),
  tokens: all.some(({ tokens }) => tokens),
  parts: tokenParts.filter((part) => all.some(({ parts }) => parts.includes(part))),
  units: units.filter((unit) => all.some((each) => each.units.includes(unit))),
  cost: all.some(({ cost }) => cost),
});

/** Upstreams round sound to the second. */
const SECOND_MS = 1_000n;

/** Whether both sides can be the same bill of so many calls. */
export function unitsAgree(unit: Unit, there: bigint, here: bigint, calls: bigint): boolean {
  if (unit !== 'seconds') return there === here;
  const difference = there > here ? there - here : here - there;
  return difference === 0n || difference < SECOND_MS * calls;
}

/** As a report shows it. */
export const shownUnits = (unit: Unit, count: bigint): number =>
  unit === 'seconds' ? Number(count) / 1_000 : Number(count);
