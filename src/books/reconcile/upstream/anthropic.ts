import { z } from 'zod';
import { ZERO } from '../../../domain/money/decimal.js';
import { amount, count, id, orEmpty, text, time } from '../tabular/cells.js';
import { ALL_MODELS, type UsageLayout, type UsageRow } from './billed-usage.js';

const at = ['usage_date_utc'];

/** Console > Usage > Export: a row a day, model, key, workspace, usage type and context window. It counts no calls and has no costs. */
export const anthropicUsage: UsageLayout = {
  title: 'Anthropic usage export',
  columns: {
    at,
    model: ['model_version'],
    uncached: ['usage_input_tokens_no_cache'],
    cacheWrite: ['usage_input_tokens_cache_write_5m'],
    cacheWrite1h: ['usage_input_tokens_cache_write_1h'],
    cached: ['usage_input_tokens_cache_read'],
    completionTokens: ['usage_output_tokens'],
    searches: ['web_search_count'],
  },
  required: ['at', 'model', 'uncached', 'cacheWrite', 'cacheWrite1h', 'cached', 'completionTokens'],
  timezone: 'UTC',
  measuresIn: (places) => ({
    calls: false,
    tokens: true,
    parts: ['cached', 'cache_write', 'cache_write_1h'],
    units: places.some(([field]) => field === 'searches') ? ['searches'] : [],
    cost: false,
  }),
  schema: () =>
    z
      .object({
        at: time('utc'),
        model: id,
        uncached: count,
        cacheWrite: count,
        cacheWrite1h: count,
        cached: count,
        completionTokens: count,
        searches: orEmpty(count).optional(),
      })
      .transform((row): readonly UsageRow[] => [
        {
          requestId: undefined,
          at: row.at,
          model: row.model,
          calls: 0n,
          promptTokens: row.uncached + row.cacheWrite + row.cacheWrite1h + row.cached,
          completionTokens: row.completionTokens,
          parts: { cached: row.cached, cache_write: row.cacheWrite, cache_write_1h: row.cacheWrite1h },
          units: { searches: row.searches ?? 0n },
          costUsd: ZERO,
        },
      ]),
};

/** Console > Cost > Export: a row a day, model and kind of token, models by the names that people read. It has no tokens. */
export const anthropicCost: UsageLayout = {
  title: 'Anthropic cost export',
  columns: {
    at,
    model: ['model'],
    item: ['cost_type'],
    kind: ['token_type'],
    cost: ['cost_usd'],
  },
  required: ['at', 'model', 'kind', 'cost'],
  timezone: 'UTC',
  measuresIn: () => ({ calls: false, tokens: false, parts: [], units: [], cost: true }),
  schema: () =>
    z
      .object({ at: time('utc'), model: text, item: text.optional(), kind: text, cost: amount })
      .transform((row): readonly UsageRow[] => {
        if (row.cost.unscaled === 0n) return [];
        const other = row.item ? `(${row.item})` : ALL_MODELS;
        return [
          {
            requestId: undefined,
            at: row.at,
            model: row.model === '' ? other : row.model,
            isDisplayName: row.model !== '',
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
