import { z } from 'zod';
import { DateTime } from 'luxon';
import { usdOfQuota } from '../../../../domain/money/quota.js';
import type { BillingPlace, BillingRow } from '../../../../projections/statistics/billing/rows.js';
import { billingTypes } from '../../../../domain/usage/billing.js';
import type { Bilingual } from '../../../failure.js';
import { ledgerTimeIso } from '../../../ledger-days.js';
import type { Language } from '../../../people/ports/person.js';
import { usd } from '../../../present.js';
import { complaints } from '../../../validation.js';

export const billingStatus = z.enum(['pending', 'completed', 'failed', 'cancelled']);

export const billingRow = z
  .object({
    id: z.string().meta({
      description:
        'of a movement its place in the log; of consumption `<day>.<model>`; of an order that is not credited its `order_id`',
    }),
    type: z.enum(billingTypes),
    status: billingStatus.meta({ description: 'what is in the ledger is completed' }),
    amount_usd: z.number().meta({ description: 'signed: what came in is positive' }),
    quota_amount: z.int(),
    description: z.string(),
    transaction_id: z
      .string()
      .nullable()
      .meta({ description: 'the payment, refund or adjustment; null of consumption' }),
    balance_after: z.int().nullable().meta({
      description: 'quota right after it; of consumption at the end of its day; null where nothing moved',
    }),
    balance_after_usd: z.string().nullable(),
    created_at: z.iso.datetime({ offset: true }),
    day: z.iso.date().meta({ description: 'of the ledger' }),
    model: z.string().nullable().meta({ description: 'of consumption' }),
    calls: z.int(),
  })
  .meta({ id: 'BillingRow' });

export const exampleBillingRow = {
  id: '2026-11-21.gpt-4o',
  type: 'consumption',
  status: 'completed',
  amount_usd: -0.75,
  quota_amount: -375000,
  description: 'gpt-4o: 120 calls',
  transaction_id: null,
  balance_after: 33870000,
  balance_after_usd: '67.74',
  created_at: '2026-11-22T00:00:00.000+08:00',
  day: '2026-11-21',
  model: 'gpt-4o',
  calls: 120,
} as const;

export interface Told {
  readonly timezone: string;
  readonly language: Language;
  readonly now: Date;
}

export function presentBillingRow(row: BillingRow, { timezone, language, now }: Told) {
  // A day that is not over yet ends now.
  const at = row.at > now ? now : row.at;
  return {
    id: row.position === null ? `${row.day}.${row.model}` : row.position.toString(),
    type: row.type,
    status: 'completed' as const,
    amount_usd: usd(row.amount),
    quota_amount: row.amount,
    description: describe(row)[language],
    transaction_id: row.reference,
    balance_after: row.balanceAfter,
    balance_after_usd: usdOfQuota(row.balanceAfter),
    created_at: ledgerTimeIso(at, timezone),
    day: row.day,
    model: row.position === null ? row.model : null,
    calls: row.calls,
  };
}

/** What operators wrote of it is theirs; what a front end wrote of a top-up is for its user. */
function describe({ type, model, calls, note, plan, amount }: BillingRow): Bilingual {
  switch (type) {
    case 'topup': {
      const of = note === null || note === '' ? '' : note;
      return { zh: of === '' ? '充值' : `充值：${of}`, en: of === '' ? 'Top-up' : `Top-up: ${of}` };
    }
    case 'refund':
      return { zh: '退款', en: 'Refund' };
    case 'grant':
      if (plan !== null)
        return amount < 0n
          ? { zh: `套餐额度到期或收回：${plan}`, en: `Plan that ended: ${plan}` }
          : { zh: `套餐：${plan}`, en: `Plan: ${plan}` };
      return amount < 0n
        ? { zh: '赠送额度到期或收回', en: 'Grant that ended' }
        : { zh: '赠送额度', en: 'Grant' };
    case 'adjustment':
      return { zh: '余额调整', en: 'Adjustment' };
    default:
      return {
        zh: `${model}：${calls} 次调用`,
        en: `${model}: ${calls} ${calls === 1 ? 'call' : 'calls'}`,
      };
  }
}

/** `2026-11-21.gpt-4o`: a day and a model; undefined for anything else. */
export function consumptionOf(id: string): { readonly day: string; readonly model: string } | undefined {
  const [, day = '', model = ''] = /^(\d{4}-\d{2}-\d{2})\.(.{1,200})$/su.exec(id) ?? [];
  return DateTime.fromISO(day).isValid ? { day, model } : undefined;
}

/** The day, and what follows it there. */
export const cursorOf = ({ day, position, model }: BillingRow): string =>
  position === null ? `${day}.${model}` : `${day}~${position}`;

export const billingCursor = z
  .string()
  .max(220)
  .transform((text, context): BillingPlace => {
    const [, day = '', place = ''] = /^(\d{4}-\d{2}-\d{2})~(\d{1,18})$/.exec(text) ?? [];
    if (DateTime.fromISO(day).isValid) return { day, position: BigInt(place) };
    const consumption = consumptionOf(text);
    if (consumption) return consumption;
    context.addIssue({ code: 'custom', params: { ...complaints.type('无效', 'is no cursor') } });
    return z.NEVER;
  })
  .meta({ description: '`next_cursor` of the page before' })
  .optional();
