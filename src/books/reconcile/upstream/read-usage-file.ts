import { z } from 'zod';
import type { Decimal } from '../../../domain/money/decimal.js';
import { amount, count, currency, faultOf, id, orEmpty, text, time } from '../tabular/cells.js';
import { fieldsOf, misfit, nameIn, type Places, placesIn, wantedColumns } from '../tabular/columns.js';
import { readRows, WrongFile } from '../tabular/tabular-file.js';
import { type Measures, type UnitCounts, units } from './units.js';

/** What an upstream billed: one call, or (without ids) any number of calls of one model. */
export interface BilledUsage {
  readonly line: number;
  readonly requestId: string | undefined;
  readonly at: Date;
  readonly model: string;
  readonly calls: bigint;
  /** 0 where the file has no tokens. */
  readonly promptTokens: bigint;
  readonly completionTokens: bigint;
  readonly units: UnitCounts;
  readonly costUsd: Decimal;
}

/** Own names first, then those of OpenRouter's activity and OpenAI's usage exports. */
const columns = {
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
};
const required = ['at', 'model', 'cost'];
const tokens = ['promptTokens', 'completionTokens'];

/** Of sound: as milliseconds. */
const seconds = text.regex(/^\d{1,12}(\.\d{1,9})?$/, 'is no number of seconds').transform((value) => {
  const [whole = '0', fraction = ''] = value.split('.', 2);
  return BigInt(whole + fraction.padEnd(3, '0').slice(0, 3));
});

const schemaOf = (timezone: string, { units: { length } }: Measures) =>
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
    .transform(({ cost, calls, currency: _usd, images, seconds: ms, characters, searches, ...row }) => ({
      ...row,
      promptTokens: row.promptTokens ?? 0n,
      completionTokens: row.completionTokens ?? 0n,
      units: {
        images: images ?? 0n,
        seconds: ms ?? 0n,
        characters: characters ?? 0n,
        searches: searches ?? 0n,
      },
      calls: calls ?? 1n,
      costUsd: cost,
    }));

/** A table of several kinds of calls leaves the cells of the other kinds empty. */
const orNothing = <Schema extends z.ZodType>(schema: Schema) => orEmpty(schema).optional();

interface Table {
  readonly places: Places;
  readonly width: number;
  readonly schema: ReturnType<typeof schemaOf>;
}

/** The rows one at a time, each checked. @throws WrongFile with the line, at the first that is wrong */
export async function* readUsageFile(
  path: string,
  timezone: string,
  onDigest: (sha256: string) => void,
  onHeader: (measures: Measures) => void,
): AsyncGenerator<BilledUsage> {
  let table: Table | undefined;
  for await (const { cells, line } of readRows(path, { quote: '"', onDigest })) {
    if (!table) {
      const { places, width, measures } = readHeader(path, line, cells);
      table = { places, width, schema: schemaOf(timezone, measures) };
      onHeader(measures);
      continue;
    }
    const fault = misfit(cells, table.width);
    if (fault !== undefined) throw new WrongFile(path, line, fault);
    const parsed = table.schema.safeParse(fieldsOf(table.places, cells));
    if (!parsed.success) {
      const { places } = table;
      throw new WrongFile(
        path,
        line,
        faultOf(parsed.error, (field) => nameIn(places, field)),
      );
    }
    yield { requestId: undefined, ...parsed.data, line };
  }
  if (!table) throw new WrongFile(path, undefined, 'it has no header');
}

function readHeader(path: string, line: number, cells: readonly string[]) {
  const header = cells.map((cell) => cell.trim());
  const places = placesIn(header, columns, required);
  const measures = places && measuresIn(places);
  if (places && measures && (measures.tokens || measures.units.length > 0))
    return { places, width: header.length, measures };
  throw new WrongFile(
    path,
    line,
    `this is not the header of a usage table: ${wantedColumns(columns, [...required, ...tokens])}; or ${units.join(', ')} instead of tokens`,
  );
}

function measuresIn(places: Places): Measures {
  const has = (field: string) => places.some(([found]) => found === field);
  return { tokens: tokens.every(has), units: units.filter(has) };
}
