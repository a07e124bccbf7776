import { z } from 'zod';
import { usdOfQuota } from '../../../../domain/money/quota.js';
import { text } from '../../../fields.js';
import { endOfDay, ledgerTimeIso, startOfDay } from '../../../ledger-days.js';
import type { OwnHistoryEntry, OwnHistoryFilter } from '../../../people/own.js';
import { dayField } from '../../../usage/range.js';
import { logTypes } from '../../admin/logs/schema.js';
import { whole } from '../../admin/paging.js';

export const filterInput = {
  type: z.enum(logTypes).optional(),
  model: text(1, 200).optional(),
  token_id: whole(1, Number.MAX_SAFE_INTEGER).meta({ type: 'integer' }).optional(),
  reference: text(1, 200)
    .meta({ description: 'the id of a call, its request, a payment, a refund or an adjustment' })
    .optional(),
  from: dayField.meta({ description: "the first day, in the ledger's time zone" }).optional(),
  to: dayField.meta({ description: 'the last day, included' }).optional(),
};

type Given = z.output<z.ZodObject<typeof filterInput>>;

export const filterOf = (input: Given, timezone: string): OwnHistoryFilter => ({
  type: input.type,
  model: input.model,
  tokenId: input.token_id,
  reference: input.reference,
  from: startOfDay(input.from, timezone),
  until: endOfDay(input.to, timezone),
});

export const ownLogRow = z
  .object({
    id: z.string().meta({ description: 'its place in the log' }),
    at: z.iso.datetime({ offset: true }),
    type: z.enum(logTypes),
    token_id: z.int().nullable(),
    token_name: z.string(),
    model: z.string(),
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    quota: z.int().meta({ description: 'spent; negative for what came in' }),
    usd: z.string(),
    balance_after: z.int().nullable().meta({ description: 'quota; null while it is not counted yet' }),
    balance_after_usd: z.string().nullable(),
    request_id: z.string().nullable(),
    reference: z.string().meta({ description: 'the call, payment, refund or adjustment' }),
    duration_ms: z.int().nullable(),
    code: z.string().nullable().meta({ description: 'why a call failed, as its answer said' }),
  })
  .meta({ id: 'OwnLogRow' });

export const presentOwnRow = (row: OwnHistoryEntry, timezone: string) => ({
  id: row.id.toString(),
  at: ledgerTimeIso(row.at, timezone),
  type: row.type,
  token_id: row.tokenId,
  token_name: row.tokenName,
  model: row.model,
  prompt_tokens: row.promptTokens,
  completion_tokens: row.completionTokens,
  quota: row.spendQuota,
  usd: usdOfQuota(row.spendQuota),
  balance_after: row.balanceAfter,
  balance_after_usd: row.balanceAfter === null ? null : usdOfQuota(row.balanceAfter),
  request_id: row.requestId,
  reference: row.reference,
  duration_ms: row.durationMs,
  code: row.code,
});

export const exampleOwnRow = {
  id: '4711',
  at: '2026-11-21T17:00:01.000+08:00',
  type: 'consume',
  token_id: 1,
  token_name: 'laptop',
  model: 'gpt-4o',
  prompt_tokens: 30,
  completion_tokens: 50,
  quota: 1000,
  usd: '0.002',
  balance_after: 34244000,
  balance_after_usd: '68.488',
  request_id: '0b7c2a4e-4a54-4d2c-9f0e-6f1f5d1c9a10',
  reference: '0f0e8a3c-6a5f-4c0f-9d6e-1b3f3f6f1a01',
  duration_ms: 812,
  code: null,
};
