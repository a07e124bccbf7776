import { z } from 'zod';
import { alertKinds } from '../../../../domain/setting/alerts.js';
import type { FiredAlert } from '../../../../domain/operator/fired-alert.js';
import type { AdminContext } from '../../../area-contexts.js';
import { type BoundEndpoint, endpoint, type FailureRow } from '../../../endpoint.js';
import { HttpFailure } from '../../../failure.js';
import { text } from '../../../fields.js';
import {
  alertRuleEndpoints,
  noReceiver,
  presentReceiver,
  presentRule,
  receiverNotFound,
  termsOf,
} from './rules.js';
import { alert, exampleAlert, presentAlert, receiver, rule } from './schema.js';

const notFound: FailureRow = [404, 'alert_not_found', '告警不存在'];
const ended: FailureRow = [409, 'alert_resolved', '告警已结束'];
const english: Readonly<Record<string, string>> = {
  alert_not_found: 'No such alert',
  alert_resolved: 'The alert is over',
};

const failing = ([status, code, zh]: FailureRow) =>
  new HttpFailure({ status, code, text: { zh, en: english[code] ?? code } });

async function existing({ admin }: Pick<AdminContext, 'admin'>, id: string): Promise<FiredAlert> {
  const found = await admin.alerts.find(id);
  if (!found) throw failing(notFound);
  return found;
}

const ofAlerts = { area: 'admin', refusals: [] } as const;

const rules = endpoint({
  ...ofAlerts,
  method: 'get',
  path: '/alerts',
  access: 'alerts:read',
  operationId: 'adminListAlertRules',
  summary: 'List what is told of, and to whom',
  description:
    'Each is told of once when it begins and once when it ends, however often it is seen. Beside `receivers` the log of the process is told, as `log`.',
  input: z.object({}),
  data: z.object({ rules: z.array(rule), receivers: z.array(receiver) }),
  example: {
    data: {
      rules: [{ kind: 'tables-behind', severity: 'critical', told: true, raise_at: 60, resolve_at: 10 }],
      receivers: [
        {
          name: 'on-call',
          kind: 'mail',
          least: 'warning',
          on: true,
          address: 'o…@example.com',
          webhook_secret: null,
        },
      ],
    },
  },
  handle: async (_, context) => {
    const terms = await termsOf(context);
    const named = Object.entries(terms.receivers);
    return {
      data: {
        rules: alertKinds.map((kind) => presentRule(terms, kind)),
        receivers: await Promise.all(named.map(([name, said]) => presentReceiver(context, name, said))),
      },
    };
  },
});

const fired = endpoint({
  ...ofAlerts,
  method: 'get',
  path: '/alerts/fired',
  access: 'alerts:read',
  operationId: 'adminListFiredAlerts',
  inDoubt: true,
  summary: 'List alerts that were told',
  description: 'Those that are not over first, then the newest; 200 at most.',
  input: z.object({ state: z.enum(['open', 'resolved']).optional() }),
  data: z.object({ alerts: z.array(alert) }),
  example: { data: { alerts: [exampleAlert] } },
  handle: async ({ state }, { admin }) => ({
    data: { alerts: (await admin.alerts.list(state)).map(presentAlert) },
  }),
});

const idInput = z.object({ id: z.uuid() });
const acting = {
  ...ofAlerts,
  method: 'post',
  access: 'alerts:write',
  data: alert,
  failures: [notFound, ended],
} as const;

const acknowledge = endpoint({
  ...acting,
  path: '/alerts/fired/{id}/acknowledge',
  operationId: 'adminAcknowledgeAlert',
  summary: 'Say that an alert was seen',
  description:
    'It stays open, and is not counted among what waits for somebody. Raised again later, it is unseen again.',
  input: idInput,
  bodyOptional: true,
  example: { data: { ...exampleAlert, acknowledged_by: 'operator:alice', acknowledged_at: 1795219260 } },
  handle: async ({ id }, context) => {
    await existing(context, id);
    if (!(await context.admin.alerts.acknowledge(id, context.meta.actor))) throw failing(ended);
    return { data: presentAlert(await existing(context, id)) };
  },
});

const LONGEST_HOURS = 7 * 24;
const HOUR_MS = 3_600_000;

const snooze = endpoint({
  ...acting,
  path: '/alerts/fired/{id}/snooze',
  operationId: 'adminSnoozeAlert',
  summary: 'Put an alert off',
  description: 'It stays open, and is not counted among what waits for somebody until then.',
  input: z.object({ ...idInput.shape, hours: z.int().min(1).max(LONGEST_HOURS) }),
  example: { request: { hours: 4 }, data: { ...exampleAlert, snoozed_until: 1795233600 } },
  handle: async ({ id, hours }, context) => {
    await existing(context, id);
    const until = new Date(context.now.getTime() + hours * HOUR_MS);
    if (!(await context.admin.alerts.snooze(id, context.meta.actor, until))) throw failing(ended);
    return { data: presentAlert(await existing(context, id)) };
  },
});

const resolve = endpoint({
  ...acting,
  path: '/alerts/fired/{id}/resolve',
  operationId: 'adminResolveAlert',
  summary: 'Say that an alert is over',
  description: 'Those who were told of it are told. Where what it is about goes on, it is raised again.',
  input: idInput,
  bodyOptional: true,
  example: {
    data: {
      ...exampleAlert,
      state: 'resolved' as const,
      resolved_at: 1795222800,
      resolved_by: 'operator:alice',
    },
  },
  handle: async ({ id }, context) => {
    const found = await existing(context, id);
    if (!(await context.admin.alerts.resolve(found, context.meta.actor))) throw failing(ended);
    return { data: presentAlert(await existing(context, id)) };
  },
});

const test = endpoint({
  ...ofAlerts,
  method: 'post',
  path: '/notifications/{channel}/test',
  access: 'alerts:write',
  operationId: 'adminTestNotification',
  summary: 'Send a test to who is told of alerts',
  description: 'On the way that alerts take; its message is in the outbox.',
  input: z.object({ channel: text(1, 40).meta({ description: 'one of `receivers`, or `log`' }) }),
  bodyOptional: true,
  data: z.object({ message_id: z.string() }),
  failures: [noReceiver],
  example: { data: { message_id: '0199b1c2-7d3e-7c4a-9d55-5a0c3c1f0b11' } },
  handle: async ({ channel }, context) => {
    const { admin, meta } = context;
    if (channel !== 'log' && !Object.hasOwn((await termsOf(context)).receivers, channel))
      throw receiverNotFound();
    return { data: { message_id: await admin.alerts.test(channel, meta.actor) } };
  },
});

export const alertEndpoints: readonly BoundEndpoint[] = [
  rules,
  fired,
  acknowledge,
  snooze,
  resolve,
  test,
  ...alertRuleEndpoints,
];
