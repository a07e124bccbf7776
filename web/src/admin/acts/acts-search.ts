const words = ['actor', 'what', 'stream', 'from', 'to', 'cursor'] as const;

/** What of the acts is looked at, as the page's address says it. */
export type ActsSearch = { readonly [word in (typeof words)[number]]?: string | undefined };

export const readActsSearch = (search: Record<string, unknown>): ActsSearch =>
  Object.fromEntries(
    words.flatMap((word) => {
      const value = search[word];
      return (typeof value === 'string' && value !== '') || typeof value === 'number'
        ? [[word, String(value)]]
        : [];
    }),
  ) as ActsSearch;
