import { z } from 'zod';
import { MAX_BALANCE } from '../../../../domain/money/quota.js';
import { text } from '../../../fields.js';

const below = z
  .int()
  .min(1)
  .max(Number(MAX_BALANCE))
  .meta({ description: 'quota; a balance below it is told of. null: not' });

const rules = {
  key_use: z.boolean().meta({ description: 'a key of which 80 %, and all, of its limit is used' }),
  unusual_day: z.boolean().meta({
    description:
      'a day that costs a dollar at least and more than three times what the days of the two weeks before cost on average',
  }),
  by_mail: z.boolean(),
};

export const alertsInput = z.object({
  below_quota: below.nullish(),
  ...rules,
  webhook_url: text(0, 500).meta({ description: 'https; empty or null: none. It is kept sealed' }).nullish(),
  new_secret: z.boolean().meta({ description: 'bodies are signed with another secret' }).optional(),
});

export const alertsData = z
  .object({
    below_quota: z.int().nullable(),
    ...rules,
    webhook_url: z.string().nullable(),
    webhook_secret: z.string().nullable().meta({
      description: 'in the answer that made it; bodies are signed with it (`Counterfoil-Signature`)',
    }),
    mail_to: z.string().meta({ description: 'empty where there is no address' }),
    notices: z.array(
      z.object({
        alert: z
          .record(z.string(), z.union([z.string(), z.number()]))
          .meta({ description: 'figures, in quota' }),
        told_at: z.int().meta({ description: 'unix seconds' }),
      }),
    ),
  })
  .meta({ id: 'OwnAlerts' });

export const exampleAlerts = {
  below_quota: 5000000,
  key_use: true,
  unusual_day: false,
  by_mail: true,
  webhook_url: null,
  webhook_secret: null,
  mail_to: 'alice@example.com',
  notices: [{ alert: { kind: 'balance', balance: 4875000, below: 5000000 }, told_at: 1795219200 }],
};

const outcome = z
  .object({ delivered: z.boolean(), reason: z.string().nullable() })
  .nullable()
  .meta({ description: 'null: this way is not chosen' });

export const testData = z.object({
  mail: outcome.meta({ description: 'whether it is on its way' }),
  webhook: outcome,
});
