import { z } from 'zod';
import type { UsageSeries, UsageView } from '../../projections/statistics/usage/view.js';
import { usageIntervals } from '../../domain/usage/usage-question.js';
import { usdOfQuota } from '../../domain/money/quota.js';
import type { FailureRow } from '../endpoint.js';
import { HttpFailure } from '../failure.js';
import { rangeInput } from './range.js';

// Usage as users and operators are shown it: one shape, so that a chart is one thing.

export const usageRange = {
  ...rangeInput,
  interval: z.enum(usageIntervals).default('day').meta({ default: 'day' }),
};

const values = z.array(z.int().nullable()).meta({ description: 'one a bucket; null: no data' });
const measures = { quota: values, requests: values, prompt_tokens: values, completion_tokens: values };

export const usageData = z
  .object({
    timezone: z.string().meta({ description: 'in which the days begin' }),
    interval: z.enum(usageIntervals),
    buckets: z.array(z.string()).meta({ description: 'days, or the beginnings of hours with their offset' }),
    series: z
      .array(z.object({ key: z.string(), label: z.string(), ...measures }))
      .meta({ description: 'the twelve most expensive at most, those first' }),
    other: z
      .object({ keys: z.int(), ...measures })
      .meta({ description: 'what all further ones come to together, and how many they are' }),
    total: z
      .object({
        quota: z.int(),
        usd: z.string(),
        requests: z.int(),
        prompt_tokens: z.int(),
        completion_tokens: z.int(),
      })
      .meta({ description: 'of series and other together' }),
    position: z.string().meta({ description: 'everything up to this place of the log is counted' }),
    as_of: z.iso.datetime().meta({ description: 'when that was all there was' }),
  })
  .meta({ id: 'Usage' });

export const exampleUsage = {
  timezone: 'Asia/Shanghai',
  interval: 'day',
  buckets: ['2026-11-01'],
  series: [
    {
      key: 'gpt-4o',
      label: 'gpt-4o',
      quota: [123],
      requests: [4],
      prompt_tokens: [90],
      completion_tokens: [33],
    },
  ],
  other: { keys: 7, quota: [9], requests: [1], prompt_tokens: [8], completion_tokens: [2] },
  total: { quota: 132, usd: '0.000264', requests: 5, prompt_tokens: 98, completion_tokens: 35 },
  position: '12345',
  as_of: '2026-11-28T01:00:00Z',
};

export const notReady: FailureRow = [503, 'not_ready', '账目视图尚未就绪，请稍后重试'];

/** Throws 503 `not_ready` where there is no view: the tables are being made. */
export function presentUsage(view: UsageView | undefined) {
  if (!view) throw unready();
  const { total } = view;
  return {
    timezone: view.timezone,
    interval: view.interval,
    buckets: view.buckets,
    series: view.series.map(({ key, label, ...rest }) => ({ key, label, ...presentMeasures(rest) })),
    other: { keys: view.other.keys, ...presentMeasures(view.other) },
    total: {
      quota: total.quota,
      usd: usdOfQuota(total.quota),
      requests: total.requests,
      prompt_tokens: total.promptTokens,
      completion_tokens: total.completionTokens,
    },
    position: view.position.toString(),
    as_of: view.asOf.toISOString(),
  };
}

export function unready(): HttpFailure {
  const [status, code, zh] = notReady;
  const en = 'The read models are not ready, please retry';
  return new HttpFailure({ status, code, text: { zh, en }, headers: { 'Retry-After': '1' } });
}

const presentMeasures = (of: Omit<UsageSeries, 'key' | 'label'>) => ({
  quota: of.quota,
  requests: of.requests,
  prompt_tokens: of.promptTokens,
  completion_tokens: of.completionTokens,
});
