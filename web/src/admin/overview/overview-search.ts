export type Days = 1 | 7 | 30;

/** Over how many days the figures go; without it today. */
export interface OverviewSearch {
  readonly days?: Days | undefined;
}

export const readOverviewSearch = ({ days }: Record<string, unknown>): OverviewSearch =>
  days === 7 || days === 30 ? { days } : {};
