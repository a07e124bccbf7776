import { z } from 'zod';
import { usdOfQuota } from '../../../../domain/money/quota.js';
import type { CodeBatchView, CodeView } from '../../../../projections/code/query.js';

const time = z.iso.datetime();
const usd = z.string().meta({ description: 'exact decimal text' });

export const batchData = z
  .object({
    batch_id: z.uuid(),
    name: z.string(),
    status: z.enum(['open', 'over', 'void']),
    codes: z.int(),
    used: z.int(),
    voided: z.int().meta({ description: 'one by one' }),
    quota: z.int().meta({ description: 'what each of them gives' }),
    usd,
    ends_at: time.meta({ description: 'from here on none of them is taken' }),
    grant_days: z.int().nullable().meta({
      description: 'what they give ends so many days after the code was used; null: never',
    }),
    made_by: z.string(),
    made_at: time,
    voided_at: time.nullable(),
    voided_by: z.string().nullable(),
    voided_because: z.string().nullable(),
  })
  .meta({ id: 'CodeBatch' });

export const codeData = z
  .object({
    batch_id: z.uuid(),
    batch_name: z.string(),
    status: z.enum(['open', 'over', 'void', 'used']),
    usd,
    ends_at: time,
    grant_id: z.uuid().nullable(),
    external_user_id: z.string().nullable().meta({ description: 'who used it' }),
    used_at: time.nullable(),
    voided_at: time.nullable(),
    voided_by: z.string().nullable(),
    voided_because: z.string().nullable(),
  })
  .meta({ id: 'Code' });

const standingOf = (
  { voidedAt, endsAt }: { readonly voidedAt: Date | null; readonly endsAt: Date },
  now: Date,
): 'open' | 'over' | 'void' => (voidedAt !== null ? 'void' : endsAt <= now ? 'over' : 'open');

export const presentBatch = (batch: CodeBatchView, now: Date) => ({
  batch_id: batch.batchId,
  name: batch.name,
  status: standingOf(batch, now),
  codes: batch.codes,
  used: batch.used,
  voided: batch.voided,
  quota: batch.quota,
  usd: usdOfQuota(batch.quota),
  ends_at: batch.endsAt.toISOString(),
  grant_days: batch.grantDays,
  made_by: batch.madeBy,
  made_at: batch.madeAt.toISOString(),
  voided_at: batch.voidedAt?.toISOString() ?? null,
  voided_by: batch.voidedBy,
  voided_because: batch.voidedBecause,
});

export const presentCode = (code: CodeView, now: Date) => ({
  batch_id: code.batchId,
  batch_name: code.batchName,
  status: code.grantId !== null ? ('used' as const) : standingOf(code, now),
  usd: usdOfQuota(code.quota),
  ends_at: code.endsAt.toISOString(),
  grant_id: code.grantId,
  external_user_id: code.externalUserId,
  used_at: code.usedAt?.toISOString() ?? null,
  voided_at: code.voidedAt?.toISOString() ?? null,
  voided_by: code.voidedBy,
  voided_because: code.voidedBecause,
});

export const exampleBatch = {
  batch_id: '8f6d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c01',
  name: 'spring fair',
  status: 'open' as const,
  codes: 500,
  used: 37,
  voided: 1,
  quota: 2500000,
  usd: '5',
  ends_at: '2026-12-31T16:00:00.000Z',
  grant_days: 90,
  made_by: 'operator:ann',
  made_at: '2026-11-30T08:00:00.000Z',
  voided_at: null,
  voided_by: null,
  voided_because: null,
};

export const exampleCode = {
  batch_id: exampleBatch.batch_id,
  batch_name: exampleBatch.name,
  status: 'used' as const,
  usd: '5',
  ends_at: exampleBatch.ends_at,
  grant_id: '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c01',
  external_user_id: 'user_001',
  used_at: '2026-12-02T08:00:00.000Z',
  voided_at: null,
  voided_by: null,
  voided_because: null,
};
