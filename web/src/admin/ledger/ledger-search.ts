export const ledgerTabs = ['explain', 'balance', 'compare', 'events', 'doubts', 'stopped', 'jobs'] as const;
export type LedgerTab = (typeof ledgerTabs)[number];

const words = ['id', 'user', 'stream', 'from', 'to', 'cursor'] as const;

/** What of the ledger is looked at, as the page's address says it. */
export type LedgerSearch = { readonly [word in (typeof words)[number]]?: string | undefined } & {
  readonly tab?: LedgerTab | undefined;
};

// What looks like a number comes from the address as one.
export const readLedgerSearch = (search: Record<string, unknown>): LedgerSearch => {
  const tab = ledgerTabs.find((each) => each === search.tab);
  const read = words.flatMap((word) => {
    const value = search[word];
    return (typeof value === 'string' && value !== '') || typeof value === 'number'
      ? [[word, String(value)]]
      : [];
  });
  return { ...(Object.fromEntries(read) as LedgerSearch), ...(tab && { tab }) };
};

/** Which check is looked at; without one the newest. */
export interface VerifySearch {
  readonly job?: string;
}
export const readVerifySearch = ({ job }: Record<string, unknown>): VerifySearch =>
  typeof job === 'string' ? { job } : {};

/** Which class of what was found is looked at. */
export interface JobSearch {
  readonly class?: string;
}
export const readJobSearch = ({ class: name }: Record<string, unknown>): JobSearch =>
  typeof name === 'string' ? { class: name } : {};
