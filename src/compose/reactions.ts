import { Alerts } from '../reactions/alerts/alerts.js';
import { LedgerStoppedAlert } from '../reactions/alerts/ledger-stopped.js';
import { outOfUse } from '../reactions/alerts/out-of-use.js';
import { OutboxSender } from '../reactions/outbox/outbox-sender.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import { ReactionRunner } from '../reactions/reaction-runner.js';
import { logReceiver } from '../reactions/receivers/log-receiver.js';
import type { ProjectionObserver } from '../projections/runtime/status.js';
import type { Process } from './process.js';

/** Who is told of alerts. */
const ALERT_RECEIVERS = ['log'];

/** What follows from the ledger outside of it: starts in the processes that have a projector. Answers who is to be told of how the projections do. */
export async function openReactions({
  database,
  log,
  metrics,
  shutdown,
  store,
}: Process): Promise<ProjectionObserver> {
  const outbox = new PostgresOutbox(database.pool);
  const sender = new OutboxSender({ outbox, receivers: [logReceiver(log)], observer: metrics.outbox });
  const onMessages = () => sender.ring();
  const alerts = new Alerts(database.pool, outbox, ALERT_RECEIVERS, onMessages);
  const onFault = (error: unknown) =>
    log.error({ part: 'reactions', err: error }, 'an alert could not be told');
  const ledgerStopped = new LedgerStoppedAlert(alerts, onFault);
  const runner = new ReactionRunner({
    reactions: [outOfUse(ALERT_RECEIVERS)],
    store,
    pool: database.pool,
    outbox,
    onMessages,
    onFault: (reaction, error) =>
      log.warn({ part: 'reactions', reaction, err: error }, 'a reaction does not go on; it is tried again'),
  });
  sender.start();
  shutdown.add('outbox', () => sender.stop());
  await runner.start();
  shutdown.add('reactions', async () => {
    await runner.stop();
    await ledgerStopped.settled();
  });
  metrics.gauge('outbox_waiting', 'Messages on their way.', async () => (await outbox.figures()).waiting);
  metrics.gauge(
    'outbox_dead',
    'Messages that nobody could be told of: see counterfoil outbox.',
    async () => (await outbox.figures()).dead,
  );
  metrics.gauge(
    'outbox_oldest_seconds',
    'Since when the oldest message that is due has been.',
    async () => (await outbox.figures()).oldestSeconds,
  );
  metrics.gauge('alerts_open', 'Alerts that are not over.', async () => (await alerts.open()).length);
  return ledgerStopped;
}
