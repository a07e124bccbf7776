const words = ['payment_id', 'external_user_id', 'cursor'] as const;

/** What of the payments is looked at, as the page's address says it. */
export type PaymentsSearch = { readonly [word in (typeof words)[number]]?: string | undefined };

// What looks like a number comes from the address as one.
export const readPaymentsSearch = (search: Record<string, unknown>): PaymentsSearch =>
  Object.fromEntries(
    words.flatMap((word) => {
      const value = search[word];
      return (typeof value === 'string' && value !== '') || typeof value === 'number'
        ? [[word, String(value)]]
        : [];
    }),
  );
