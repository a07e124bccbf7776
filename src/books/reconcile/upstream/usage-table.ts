import { z } from 'zod';
import { amount, count, currency, id, orEmpty, text, time } from '../tabular/cells.js';
import type { Places } from '../tabular/columns.js';
import type { UsageLayout, UsageRow } from './billed-usage.js';
import { type Measures, units } from './units.js';

const tokens = ['promptTokens', 'completionTokens'];

/** Of sound: as milliseconds. */
export const seconds = text.regex(/^\d{1,12}(\.\d{1,9})?$/, 'is no number of seconds').transform((value) => {
  const [whole = '0', fraction = ''] = value.split('.', 2);
  return BigInt(whole + fraction.padEnd(3, '0').slice(0, 3));
});

/** A table of several kinds of calls leaves the cells of the other kinds empty. */
export const orNothing = <Schema extends z.ZodType>(schema: Schema) => orEmpty(schema).optional();

/** Any table of usage with its cost: own names first, then those of OpenRouter's activity and OpenAI's older usage exports. */
export const usageTable: UsageLayout = {
  title: 'usage table',
  columns: {
    requestId: ['request_id', 'upstream_request_id', 'generation_id'],
    at: ['time', 'created_at', 'timestamp', 'date', 'day', 'usage_date'],
    model: ['model', 'model_permaslug'],
    calls: ['calls', 'requests', 'num_model_requests', 'n_requests'],
    promptTokens: ['prompt_tokens', 'input_tokens', 'tokens_prompt', 'n_context_tokens_total'],
    completionTokens: ['completion_tokens', 'output_tokens', 'tokens_completion', 'n_generated_tokens_total'],
    images: ['images', 'num_images', 'n_images'],
    seconds: ['seconds', 'num_seconds', 'audio_seconds', 'duration_seconds'],
    characters: ['characters', 'num_characters', 'n_characters'],
    searches: ['searches', 'search_units', 'num_searches'],
    cost: ['cost_usd', 'cost', 'cost_total', 'amount_usd', 'amount'],
    currency: ['currency'],
  },
  required: ['at', 'model', 'cost'],
  measuresIn(places: Places): Measures | undefined {
    const has = (field: string) => places.some(([found]) => found === field);
    const measures = {
      calls: true,
      tokens: tokens.every(has),
      parts: [],
      units: units.filter(has),
      cost: true,
    };
    return measures.tokens || measures.units.length > 0 ? measures : undefined;
  },
  schema: (timezone, { units: { length } }) =>
    z
      .object({
        requestId: id.optional(),
        at: time(timezone),
        model: id,
        calls: count.optional(),
        promptTokens: length > 0 ? orNothing(count) : count,
        completionTokens: length > 0 ? orNothing(count) : count,
        images: orNothing(count),
        seconds: orNothing(seconds),
        characters: orNothing(count),
        searches: orNothing(count),
        cost: amount,
        currency: currency.pipe(z.literal('USD', 'is not USD')).optional(),
      })
      .transform((row): readonly UsageRow[] => [
        {
          requestId: row.requestId,
          at: row.at,
          model: row.model,
          calls: row.calls ?? 1n,
          promptTokens: row.promptTokens ?? 0n,
          completionTokens: row.completionTokens ?? 0n,
          parts: {},
          units: {
            images: row.images ?? 0n,
            seconds: row.seconds ?? 0n,
            characters: row.characters ?? 0n,
            searches: row.searches ?? 0n,
          },
          costUsd: row.cost,
        },
      ]),
};
