import { z } from 'zod';
import type { Decimal } from '../../domain/money/decimal.js';
import { amount, count, currency, faultOf, id, time } from '../cells.js';
import { fieldsOf, misfit, nameIn, type Places, placesIn, wantedColumns } from '../columns.js';
import { readRows, WrongFile } from '../tabular-file.js';

/** What an upstream billed: one call, or (without ids) any number of calls of one model. */
export interface BilledUsage {
  readonly line: number;
  readonly requestId: string | undefined;
  readonly at: Date;
  readonly model: string;
  readonly calls: bigint;
  readonly promptTokens: bigint;
  readonly completionTokens: bigint;
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
  cost: ['cost_usd', 'cost', 'cost_total', 'amount_usd', 'amount'],
  currency: ['currency'],
};
const required = ['at', 'model', 'promptTokens', 'completionTokens', 'cost'];

const schemaOf = (timezone: string) =>
  z
    .object({
      requestId: id.optional(),
      at: time(timezone),
      model: id,
      calls: count.optional(),
      promptTokens: count,
      completionTokens: count,
      cost: amount,
      currency: currency.pipe(z.literal('USD', 'is not USD')).optional(),
    })
    .transform(({ cost, calls, currency: _usd, ...row }) => ({ ...row, calls: calls ?? 1n, costUsd: cost }));

/** The rows one at a time, each checked. @throws WrongFile with the line, at the first that is wrong */
export async function* readUsageFile(
  path: string,
  timezone: string,
  onDigest: (sha256: string) => void,
): AsyncGenerator<BilledUsage> {
  const schema = schemaOf(timezone);
  let table: { readonly places: Places; readonly width: number } | undefined;
  for await (const { cells, line } of readRows(path, { quote: '"', onDigest })) {
    if (!table) {
      table = readHeader(path, line, cells);
      continue;
    }
    const fault = misfit(cells, table.width);
    if (fault !== undefined) throw new WrongFile(path, line, fault);
    const parsed = schema.safeParse(fieldsOf(table.places, cells));
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
  if (places) return { places, width: header.length };
  throw new WrongFile(
    path,
    line,
    `this is not the header of a usage table: ${wantedColumns(columns, required)}`,
  );
}
