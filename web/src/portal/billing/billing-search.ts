export const billingTypes = ['topup', 'consumption', 'refund', 'adjustment', 'grant'] as const;
export type BillingType = (typeof billingTypes)[number];

export const billingStates = ['completed', 'pending', 'failed', 'cancelled'] as const;
export type BillingState = (typeof billingStates)[number];

/** Which rows are looked at, and which of them is opened, as the page's address says it. */
export interface BillingSearch {
  readonly kind?: BillingType | undefined;
  /** Default: what has moved the balance. */
  readonly state?: BillingState | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: string | undefined;
  /** The row that is open. */
  readonly row?: string | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOST = 220;
const day = (value: unknown) => (typeof value === 'string' && DAY.test(value) ? value : undefined);
const text = (value: unknown) =>
  (typeof value === 'string' || typeof value === 'number') && `${value}`.length <= MOST && value !== ''
    ? String(value)
    : undefined;

export function readBillingSearch(search: Record<string, unknown>): BillingSearch {
  const found: BillingSearch = {
    kind: billingTypes.find((each) => each === search.kind),
    state: billingStates.find((each) => each === search.state),
    from: day(search.from),
    to: day(search.to),
    cursor: text(search.cursor),
    row: text(search.row),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
