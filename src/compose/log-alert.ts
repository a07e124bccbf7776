import { Alerts } from '../reactions/alerts/alerts.js';
import { WrongLogAlert } from '../reactions/alerts/wrong-log.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import type { Base } from './base.js';
import type { Database } from './database.js';
import type { LogObserver } from './log-guard.js';
import { ALERT_RECEIVERS } from './reactions.js';

/** Every role sees the log with its own eyes: whoever finds a wrong one puts the alarm into the outbox, and a projector's process sends it. */
export function openLogAlert({
  database,
  log,
  shutdown,
}: Base & { readonly database: Database }): LogObserver {
  const { pool } = database;
  const alert = new WrongLogAlert(new Alerts(pool, new PostgresOutbox(pool), ALERT_RECEIVERS), (error) =>
    log.error(
      { part: 'log', err: error },
      'that the log is a wrong one could not be told; it is tried again',
    ),
  );
  shutdown.add('alarm of the log', async () => void (await alert.settled()));
  return (doubt) => alert.looked(doubt);
}
