/** What is billed beside tokens. Seconds are kept as milliseconds. */
export const units = ['images', 'seconds', 'characters', 'searches'] as const;
export type Unit = (typeof units)[number];
export type UnitCounts = Readonly<Partial<Record<Unit, bigint>>>;

/** What a file tells of each call; only that is compared. */
export interface Measures {
  readonly tokens: boolean;
  readonly units: readonly Unit[];
}

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
