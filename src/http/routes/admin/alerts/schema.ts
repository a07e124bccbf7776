import { z } from 'zod';
import { type AlertKind, alertKinds } from '../../../../domain/setting/alerts.js';
import type { FiredAlert } from '../../../../domain/operator/fired-alert.js';
import { seconds } from '../paging.js';

const moment = z.int().meta({ description: 'unix seconds' });
const severity = z.enum(['warning', 'critical']);

export const alert = z
  .object({
    id: z.string(),
    key: z.string().meta({ description: 'names the state, not the moment' }),
    kind: z.string(),
    severity,
    summary: z.string(),
    details: z.record(z.string(), z.unknown()),
    occurrence: z.int().meta({ description: 'how often it has begun' }),
    state: z.enum(['open', 'resolved']),
    raised_at: moment,
    resolved_at: moment.nullable(),
    resolved_by: z.string().nullable().meta({ description: 'null: it ended by itself' }),
    acknowledged_by: z.string().nullable(),
    acknowledged_at: moment.nullable(),
    snoozed_until: moment.nullable(),
  })
  .meta({ id: 'Alert' });

const mark = z.int().nullable().meta({ description: 'null: it is no figure' });

export const rule = z
  .object({
    kind: z.enum(alertKinds as [AlertKind, ...AlertKind[]]),
    severity,
    told: z.boolean().meta({ description: 'false: it is seen here, and nobody is told' }),
    raise_at: mark,
    resolve_at: mark,
  })
  .meta({ id: 'AlertRule' });

export const receiverShape = {
  kind: z.enum(['mail', 'webhook']),
  least: severity.meta({ description: 'what is less grave is not told to it' }),
  on: z.boolean(),
};

export const receiver = z
  .object({
    name: z.string(),
    ...receiverShape,
    address: z
      .string()
      .nullable()
      .meta({ description: 'enough to know it by; null: there is none any more' }),
    webhook_secret: z.string().nullable().meta({
      description: 'in the answer that made it; bodies are signed with it (`Counterfoil-Signature`)',
    }),
  })
  .meta({ id: 'AlertReceiver' });

export const presentAlert = ({
  raisedAt,
  resolvedAt,
  resolvedBy,
  acknowledged,
  snoozed,
  ...fired
}: FiredAlert) => ({
  ...fired,
  state: resolvedAt ? ('resolved' as const) : ('open' as const),
  raised_at: seconds(raisedAt),
  resolved_at: resolvedAt ? seconds(resolvedAt) : null,
  resolved_by: resolvedBy ?? null,
  acknowledged_by: acknowledged?.by ?? null,
  acknowledged_at: acknowledged ? seconds(acknowledged.at) : null,
  snoozed_until: snoozed ? seconds(snoozed.until) : null,
});

export const exampleAlert = {
  id: '0199b1c2-7d3e-7c4a-9d55-5a0c3c1f0b11',
  key: 'ledger-stopped/ledger/812',
  kind: 'ledger-stopped',
  severity: 'critical' as const,
  summary: 'The read models of ledger stopped: balances and calls do not move on.',
  details: { follower: 'ledger', position: '812' },
  occurrence: 1,
  state: 'open' as const,
  raised_at: 1795219200,
  resolved_at: null,
  resolved_by: null,
  acknowledged_by: null,
  acknowledged_at: null,
  snoozed_until: null,
};
