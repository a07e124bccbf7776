import { z } from 'zod';

const quota = z.int().meta({ description: 'quota' });
const usd = z.string().meta({ description: 'US dollars, exact decimal text' });

const money = z.object({ quota, usd });
const spent = z.object({ quota, usd, requests: z.int().meta({ description: 'answered calls' }) });

export const balanceData = z
  .object({
    balance: money.meta({ description: 'what you have; calls under way are not charged yet' }),
    held: money
      .nullable()
      .meta({ description: 'set aside for calls under way; null: not known at the moment' }),
    available: money
      .nullable()
      .meta({ description: '`balance` without `held`; null where that is not known' }),
    spent_7_days: spent.meta({ description: 'today, and the six days before it' }),
    spent_30_days: spent,
    refused_24_hours: z.int().meta({
      description:
        'calls of the last 24 hours that were refused or failed; they cost nothing. Counted up to 1,000',
    }),
    days_left: z.int().nullable().meta({
      description:
        'how many days the balance lasts at what the last seven cost, or since you are here; null where nothing was spent in them',
    }),
    checklist: z
      .object({
        topped_up: z.boolean(),
        has_key: z.boolean(),
        has_called: z.boolean(),
        since: z.iso.datetime().meta({ description: 'when the way began: when the account was made' }),
      })
      .meta({ description: 'what was done already on the way to the first charge' }),
    position: z.string().meta({ description: 'everything up to this place of the log is counted as spent' }),
    as_of: z.iso.datetime().meta({ description: 'when that was all there was' }),
  })
  .meta({ id: 'OwnBalance' });

export const exampleBalance = {
  balance: { quota: 34245000, usd: '68.49' },
  held: { quota: 45000, usd: '0.09' },
  available: { quota: 34200000, usd: '68.4' },
  spent_7_days: { quota: 3500000, usd: '7', requests: 1284 },
  spent_30_days: { quota: 9000000, usd: '18', requests: 3107 },
  refused_24_hours: 1,
  days_left: 68,
  checklist: { topped_up: true, has_key: true, has_called: true, since: '2026-09-01T02:00:00.000Z' },
  position: '12345',
  as_of: '2026-11-28T01:00:00Z',
};
