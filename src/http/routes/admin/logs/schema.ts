import { z } from 'zod';
import { usdOfQuota } from '../../../../domain/money/quota.js';
import type { HistoryEntry } from '../../../../projections/usage/history-page.js';
import { ledgerTimeIso } from '../../../ledger-days.js';

export const logTypes = ['consume', 'topup', 'refund', 'adjust', 'grant', 'error'] as const;

export const logRow = z
  .object({
    id: z.string().meta({ description: 'its place in the log' }),
    at: z.iso.datetime({ offset: true }),
    type: z.enum(logTypes),
    external_user_id: z.string(),
    username: z.string().meta({ description: 'empty after an erasure' }),
    token_id: z.int().nullable(),
    token_name: z.string(),
    model: z.string(),
    channel_id: z.string().nullable().meta({ description: 'null: nobody answered' }),
    group: z.string().nullable().meta({ description: 'by which the price was chosen' }),
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    quota: z.int().meta({ description: 'spent; negative for what came in' }),
    usd: z.string(),
    request_id: z.string().nullable(),
    reference: z.string().meta({ description: 'the call, payment, refund or adjustment' }),
    duration_ms: z.int().nullable(),
    code: z.string().nullable().meta({ description: 'why a call failed' }),
  })
  .meta({ id: 'OperatorLogRow' });

const textOrNull = (text: string): string | null => (text === '' ? null : text);

export const presentRow = (row: HistoryEntry, timezone: string) => ({
  id: row.id.toString(),
  at: ledgerTimeIso(row.at, timezone),
  type: row.type,
  external_user_id: row.externalUserId,
  username: row.username,
  token_id: row.tokenId,
  token_name: row.tokenName,
  model: row.model,
  channel_id: textOrNull(row.channelId),
  group: textOrNull(row.group),
  prompt_tokens: row.promptTokens,
  completion_tokens: row.completionTokens,
  quota: row.spendQuota,
  usd: usdOfQuota(row.spendQuota),
  request_id: row.requestId,
  reference: row.reference,
  duration_ms: row.durationMs,
  code: row.code,
});

/** For the document. */
export const exampleRow = {
  id: '4711',
  at: '2026-11-21T17:00:01.000+08:00',
  type: 'consume',
  external_user_id: 'user_001',
  username: 'testuser',
  token_id: 1,
  token_name: 'My API Token',
  model: 'gpt-4o',
  channel_id: 'openai-main',
  group: 'default',
  prompt_tokens: 30,
  completion_tokens: 50,
  quota: 1000,
  usd: '0.002',
  request_id: '0b7c2a4e-4a54-4d2c-9f0e-6f1f5d1c9a10',
  reference: '0f0e8a3c-6a5f-4c0f-9d6e-1b3f3f6f1a01',
  duration_ms: 812,
  code: null,
};
