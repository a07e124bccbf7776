/** What moves a balance; calls that failed move none. */
export const billingTypes = ['topup', 'consumption', 'refund', 'adjustment', 'grant'] as const;
export type BillingType = (typeof billingTypes)[number];

/** What was before the first of two days, between both, and later; in this order by name. */
export const [BEFORE, WITHIN, LATER] = ['1-before', '2-within', '3-later'] as const;
