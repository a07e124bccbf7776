import { z } from 'zod';
import type { LogRow } from '../../../../projections/usage/log-row.js';
import { ledgerTime, ledgerTimeIso } from '../../../ledger-days.js';
import { usd } from '../../../present.js';

// A row of a user's history: its shape, how it is made, and one to look at.

export const logRow = z
  .object({
    time: z.string().meta({ description: "in the ledger's time zone", examples: ['2024-01-30 15:30:25'] }),
    username: z.string(),
    tokens: z.int(),
    type: z.enum(['consume', 'topup', 'refund', 'adjust', 'grant', 'error']),
    model: z.string(),
    spend: z.number().meta({ description: 'dollars; negative for what came in' }),
    id: z.int(),
    request_id: z
      .string()
      .nullable()
      .meta({ description: "the `x-request-id` of the call's answer; null for rows that are of no call" }),
    quota: z.int(),
    token_name: z.string(),
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    time_iso: z.iso.datetime({ offset: true }),
    note: z.string().meta({ description: 'of a top-up that came with one' }).optional(),
  })
  .meta({ id: 'LogRow' });

export function presentLogRow(row: LogRow, timezone: string) {
  return {
    time: ledgerTime(row.at, timezone),
    username: row.username,
    tokens: row.promptTokens + row.completionTokens,
    type: row.type,
    model: row.model,
    spend: usd(row.spendQuota),
    id: row.id,
    request_id: row.requestId,
    quota: row.spendQuota,
    token_name: row.tokenName,
    prompt_tokens: row.promptTokens,
    completion_tokens: row.completionTokens,
    time_iso: ledgerTimeIso(row.at, timezone),
    note: row.note,
  };
}

/** For the document. */
export const exampleLogRow = {
  time: '2024-01-30 15:30:25',
  username: 'testuser',
  tokens: 80,
  type: 'consume',
  model: 'qwen-turbo',
  spend: 0.002,
  id: 42,
  request_id: '0b7c2a4e-4a54-4d2c-9f0e-6f1f5d1c9a10',
  quota: 1000,
  token_name: 'My API Token',
  prompt_tokens: 30,
  completion_tokens: 50,
  time_iso: '2024-01-30T15:30:25.000Z',
};
