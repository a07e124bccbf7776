import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { AlertDesk } from '../http/operators/alerts.js';
import { withTransaction } from '../postgres/pool.js';
import { Alerts } from '../reactions/alerts/alerts.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import {
  acknowledgeAlert,
  firedAlert,
  firedAlerts,
  noteResolver,
  snoozeAlert,
} from '../stores/fired-alerts.js';
import { OPERATORS } from '../reactions/alerts/operator-receivers.js';
import { ALERT_RECEIVERS, LOG } from './reactions.js';

/** What operators see of alerts and say of them; their ends are told as those are that come by themselves. */
export function createAlertDesk(
  pool: pg.Pool,
  { addresses, mayPost }: Pick<AlertDesk, 'addresses' | 'mayPost'>,
): AlertDesk {
  const outbox = new PostgresOutbox(pool);
  const alerts = new Alerts(pool, outbox, ALERT_RECEIVERS);
  return {
    addresses,
    mayPost,
    list: (state) => firedAlerts(pool, state),
    find: (id) => firedAlert(pool, id),
    acknowledge: (id, by) => acknowledgeAlert(pool, id, by),
    snooze: (id, by, until) => snoozeAlert(pool, id, by, until),
    resolve: async ({ id, key }, by) => {
      const wasOpen = await alerts.resolve(key);
      if (wasOpen) await noteResolver(pool, id, by);
      return wasOpen;
    },
    test: async (name, by) => {
      const id = randomUUID();
      const isLog = name === LOG;
      const payload = { severity: 'warning', by, ...(!isLog && { only: name }) };
      const message = { id, receiver: isLog ? LOG : OPERATORS, kind: 'alert-test', payload };
      await withTransaction(pool, (tx) => outbox.add(tx, [message], { source: 'alerts' }));
      return id;
    },
  };
}
