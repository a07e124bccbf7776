import { z } from 'zod';
import { liveData } from '../channels/live-schema.js';

export const lag = z
  .object({
    group: z.enum(['ledger', 'statistics']),
    position: z
      .string()
      .nullable()
      .meta({ description: 'everything up to here is in the tables; null: they are being made' }),
    behind_positions: z
      .string()
      .nullable()
      .meta({ description: 'places of the log still to come; null: the log cannot be read' }),
    behind_seconds: z
      .number()
      .nullable()
      .meta({ description: 'age of the oldest event that is not in the tables' }),
  })
  .meta({ id: 'Lag' });

const { channel_id, name, state, cooldown, running_calls, response, lately, last_check } = liveData.shape;

export const overviewData = z.object({
  timezone: z.string().meta({ description: 'in which the days begin' }),
  traffic: z.array(
    z.object({
      days: z.int().meta({ description: 'up to and with today' }),
      from: z.iso.date(),
      quota: z.int().meta({ description: 'charges and their corrections' }),
      usd: z.string(),
      requests: z.int().meta({ description: 'calls that were answered' }),
      failed: z.int().meta({ description: 'calls that were refused or failed' }),
      success_percent: z
        .number()
        .nullable()
        .meta({ description: 'answered of all, cut off after two places; null: there was none' }),
    }),
  ),
  response_times: z
    .object({
      calls: z.int().meta({
        description: 'answered ones among the newest 10,000 rows of the history, of the last 24 hours',
      }),
      since: z.int().meta({ description: 'unix seconds, of the oldest of them' }),
      p50_ms: z.int(),
      p95_ms: z.int(),
    })
    .nullable(),
  liability: z.object({
    quota: z.int().meta({ description: 'all balances together' }),
    usd: z.string(),
    overdrawn_quota: z.int().meta({ description: 'what balances below nothing took off it' }),
    accounts: z.int().meta({ description: 'that have something' }),
    position: z.string(),
  }),
  verification: z
    .object({
      job_id: z.string(),
      clean: z.boolean(),
      drift: z.int().meta({ description: 'differences; 0 is the only good figure' }),
      position: z.string().meta({ description: 'the books were verified up to here' }),
      events: z.int(),
      at: z.int().meta({ description: 'unix seconds' }),
      by: z.string(),
    })
    .nullable()
    .meta({ description: 'the last job that verified the books; null: none did within 30 days' }),
  open_alerts: z.int(),
  open_doubts: z.int().meta({ description: 'charges whose report could not be believed' }),
  channels: z
    .array(z.object({ channel_id, name, state, cooldown, running_calls, response, lately, last_check }))
    .nullable()
    .meta({ description: 'null: without `channels:read`, or while what processes share of them is away' }),
  lag: z.array(lag),
});

export const exampleLag = [
  { group: 'ledger', position: '1284', behind_positions: '0', behind_seconds: 0 },
  { group: 'statistics', position: '1284', behind_positions: '0', behind_seconds: 0 },
];

export const exampleOverview = {
  timezone: 'Asia/Shanghai',
  traffic: [
    {
      days: 1,
      from: '2026-11-21',
      quota: 1284500,
      usd: '2.569',
      requests: 811,
      failed: 4,
      success_percent: 99.5,
    },
  ],
  response_times: { calls: 811, since: 1795190400, p50_ms: 640, p95_ms: 4120 },
  liability: { quota: 34245000, usd: '68.49', overdrawn_quota: 0, accounts: 3, position: '1284' },
  verification: {
    job_id: '0199b1c2-7d3e-7c4a-9d55-5a0c3c1f0b11',
    clean: true,
    drift: 0,
    position: '1284',
    events: 1285,
    at: 1795219203,
    by: 'operator:alice',
  },
  open_alerts: 0,
  open_doubts: 0,
  channels: [
    {
      channel_id: 'openai-main',
      name: 'OpenAI',
      state: 'in_use',
      cooldown: null,
      running_calls: 3,
      response: { answered: 18211, failed: 12, average_ms: 640, last_ms: 588, last_at: 1795219208 },
      lately: Array.from({ length: 24 }, (_, slice) => ({ answered: 212, failed: slice === 23 ? 1 : 0 })),
      last_check: null,
    },
  ],
  lag: exampleLag,
};
