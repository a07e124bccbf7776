import { usdOfQuota } from '../format/money.ts';
import { restOf, type Usage } from './series.ts';

const HEAD = ['bucket', 'key', 'label', 'quota', 'usd', 'requests', 'prompt_tokens', 'completion_tokens'];

/** Every figure of an answer, exactly: a row for each series in each bucket that has data. */
export function usageRows(usage: Usage): readonly (readonly (string | number)[])[] {
  const parts = [
    ...usage.series,
    ...restOf(usage).map((rest) => ({ ...rest, key: '', label: `other (${rest.keys})` })),
  ];
  const rows = usage.buckets.flatMap((bucket, index) =>
    parts.flatMap(({ key, label, quota, requests, prompt_tokens, completion_tokens }) => {
      const spent = quota[index];
      if (spent === null || spent === undefined) return [];
      const counts = [requests, prompt_tokens, completion_tokens].map((values) => values[index] ?? 0);
      return [[bucket, key, label, spent, usdOfQuota(spent), ...counts]];
    }),
  );
  return [HEAD, ...rows];
}
