import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { AlertDesk, AlertRule } from '../http/operators/alerts.js';
import { withTransaction } from '../postgres/pool.js';
import { Alerts } from '../reactions/alerts/alerts.js';
import { PAYMENT_CLAIMED } from '../reactions/payments/claims.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import {
  acknowledgeAlert,
  firedAlert,
  firedAlerts,
  noteResolver,
  snoozeAlert,
} from '../stores/fired-alerts.js';
import { ALERT_RECEIVERS } from './reactions.js';

/** Each is told of once when it begins and once when it ends, however often it is seen: a state does not flap. */
const RULES: readonly AlertRule[] = [
  { kind: 'ledger-stopped', severity: 'critical' },
  { kind: 'reaction-stopped', severity: 'critical' },
  { kind: 'wrong-log', severity: 'critical' },
  { kind: 'channel-out-of-use', severity: 'warning' },
  { kind: 'channel-key-out-of-use', severity: 'warning' },
  { kind: PAYMENT_CLAIMED, severity: 'warning' },
];

/** What operators see of alerts and say of them; their ends are told as those are that come by themselves. */
export function createAlertDesk(pool: pg.Pool): AlertDesk {
  const outbox = new PostgresOutbox(pool);
  const alerts = new Alerts(pool, outbox, ALERT_RECEIVERS);
  return {
    rules: RULES,
    receivers: ALERT_RECEIVERS,
    list: (state) => firedAlerts(pool, state),
    find: (id) => firedAlert(pool, id),
    acknowledge: (id, by) => acknowledgeAlert(pool, id, by),
    snooze: (id, by, until) => snoozeAlert(pool, id, by, until),
    resolve: async ({ id, key }, by) => {
      const wasOpen = await alerts.resolve(key);
      if (wasOpen) await noteResolver(pool, id, by);
      return wasOpen;
    },
    test: async (receiver, by) => {
      const id = randomUUID();
      const message = { id, receiver, kind: 'alert-test', payload: { severity: 'warning', by } };
      await withTransaction(pool, (tx) => outbox.add(tx, [message], { source: 'alerts' }));
      return id;
    },
  };
}
