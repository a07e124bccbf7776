export const logTypes = ['consume', 'topup', 'refund', 'adjust', 'grant', 'error'] as const;
export type LogType = (typeof logTypes)[number];

/** Which rows are looked at, and which of them is opened, as the page's address says it. */
export interface LogsSearch {
  readonly type?: LogType | undefined;
  readonly model?: string | undefined;
  readonly key?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** An id that something is known by. */
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  /** The row whose explanation is open. */
  readonly row?: string | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DIGITS = /^\d{1,18}$/;
const matching = (value: unknown, shape: RegExp) =>
  (typeof value === 'string' || typeof value === 'number') && shape.test(String(value))
    ? String(value)
    : undefined;

export function readLogsSearch(search: Record<string, unknown>): LogsSearch {
  const { type, model, key, q } = search;
  const found: LogsSearch = {
    type: logTypes.find((each) => each === type),
    model: typeof model === 'string' && model !== '' ? model : undefined,
    key: Number.isSafeInteger(key) ? (key as number) : undefined,
    from: matching(search.from, DAY),
    to: matching(search.to, DAY),
    q: matching(q, /./),
    cursor: matching(search.cursor, DIGITS),
    row: matching(search.row, DIGITS),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
