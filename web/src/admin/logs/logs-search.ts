export const logTypes = ['consume', 'topup', 'refund', 'adjust', 'grant', 'error'] as const;
export type LogType = (typeof logTypes)[number];

const words = [
  'reference',
  'external_user_id',
  'token_id',
  'model',
  'channel_id',
  'group',
  'from',
  'to',
  'cursor',
  'log',
] as const;

/** What of the history is looked at, as the page's address says it; `log` is the one that is open. */
export type LogsSearch = {
  readonly [word in (typeof words)[number]]?: string | undefined;
} & { readonly type?: LogType | undefined };

// What looks like a number comes from the address as one.
export const readLogsSearch = (search: Record<string, unknown>): LogsSearch => {
  const type = logTypes.find((each) => each === search.type);
  const read = words.flatMap((word) => {
    const value = search[word];
    return (typeof value === 'string' && value !== '') || typeof value === 'number'
      ? [[word, String(value)]]
      : [];
  });
  return { ...(Object.fromEntries(read) as LogsSearch), ...(type && { type }) };
};
