import { z } from 'zod';
import { ZERO } from '../../../domain/money/decimal.js';
import { amount, count, currency, id, orEmpty, text, time } from '../tabular/cells.js';
import { ALL_MODELS, type UsageLayout, type UsageRow } from './billed-usage.js';
import { units } from './units.js';
import { orNothing, seconds } from './usage-table.js';

/** Buckets begin at whole minutes or days of UTC: `2026-11-10T00:00:00+00:00`, or seconds since 1970. */
const bucket = text
  .transform((value) => (/^\d{9,11}$/.test(value) ? new Date(Number(value) * 1_000).toISOString() : value))
  .pipe(time('utc'));

const at = ['start_time_iso', 'start_time'];

/** Usage > Export: one row for each bucket, project, key and model; a bucket without calls is a row of empty cells. It has no costs. */
export const openaiUsage: UsageLayout = {
  title: 'OpenAI usage export',
  columns: {
    at,
    model: ['model'],
    calls: ['num_model_requests'],
    promptTokens: ['input_tokens'],
    completionTokens: ['output_tokens'],
    cached: ['input_cached_tokens'],
    images: ['images', 'num_images'],
    seconds: ['seconds', 'num_seconds'],
    characters: ['characters', 'num_characters'],
  },
  required: ['at', 'model', 'calls'],
  timezone: 'UTC',
  measuresIn(places) {
    const has = (field: string) => places.some(([found]) => found === field);
    const found = units.filter(has);
    if (!has('promptTokens') && found.length === 0) return undefined;
    const parts = has('cached') ? (['cached'] as const) : [];
    return { calls: true, tokens: has('promptTokens'), parts, units: found, cost: false };
  },
  schema: () =>
    z
      .object({
        at: bucket,
        model: orEmpty(id),
        calls: orEmpty(count),
        promptTokens: orNothing(count),
        completionTokens: orNothing(count),
        cached: orNothing(count),
        images: orNothing(count),
        seconds: orNothing(seconds),
        characters: orNothing(count),
      })
      .transform((row, context): readonly UsageRow[] => {
        if (row.model === null && row.calls === null) return [];
        if (row.model === null) {
          const message = 'is empty: export the usage grouped by model';
          context.addIssue({ code: 'custom', path: ['model'], message });
          return z.NEVER;
        }
        return [
          {
            requestId: undefined,
            at: row.at,
            model: row.model,
            calls: row.calls ?? 0n,
            promptTokens: row.promptTokens ?? 0n,
            completionTokens: row.completionTokens ?? 0n,
            parts: { cached: row.cached ?? 0n },
            units: {
              images: row.images ?? 0n,
              seconds: row.seconds ?? 0n,
              characters: row.characters ?? 0n,
            },
            costUsd: ZERO,
          },
        ];
      }),
};

/** Cost > Export, by day: of line items where it was grouped by them, else one sum a day. It has no tokens. */
export const openaiCost: UsageLayout = {
  title: 'OpenAI cost export',
  columns: {
    at,
    cost: ['amount_value'],
    currency: ['amount_currency'],
    item: ['line_item'],
  },
  required: ['at', 'cost', 'currency', 'item'],
  timezone: 'UTC',
  measuresIn: () => ({ calls: false, tokens: false, parts: [], units: [], cost: true }),
  schema: () =>
    z
      .object({
        at: bucket,
        cost: orEmpty(expanded.pipe(amount)),
        currency: orEmpty(currency.pipe(z.literal('USD', 'is not USD'))),
        item: text,
      })
      .transform((row): readonly UsageRow[] => {
        if (row.cost === null || row.cost.unscaled === 0n) return [];
        return [
          {
            requestId: undefined,
            at: row.at,
            model: modelIn(row.item),
            isCost: true,
            calls: 0n,
            promptTokens: 0n,
            completionTokens: 0n,
            parts: {},
            units: {},
            costUsd: row.cost,
          },
        ];
      }),
};

/** `gpt-4o-mini-2024-07-18, cached input`, with `priority | ` before it and `, long context` behind; another item is its own. */
function modelIn(item: string): string {
  if (item === '') return ALL_MODELS;
  return /^(?:\w+ \| )?(?<model>[^,|]+),/.exec(item)?.groups?.model?.trim() ?? item;
}

/** Amounts come as floats and as decimals of many digits (`4.5e-06`, `0E-6176`): to twelve places, and zero where there is nothing. */
const expanded = text.transform((value) => {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,5}))?$/.exec(value);
  if (!match) return value;
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] = match;
  if (/^0*$/.test(whole + fraction)) return '0';
  const point = whole.length + Number(exponent);
  if (point > MOST_DIGITS || point < -MOST_DIGITS) return value;
  const digits = (whole + fraction)
    .padEnd(point, '0')
    .padStart(whole.length + fraction.length - Math.min(point, 0), '0');
  const at0 = Math.max(point, 0);
  return `${sign}${digits.slice(0, at0) || '0'}.${digits.slice(at0).padEnd(1, '0').slice(0, PLACES)}`;
});

const MOST_DIGITS = 15;
const PLACES = 12;
