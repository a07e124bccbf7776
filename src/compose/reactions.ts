import { ledgerProjections } from '../projections/all-projections.js';
import { slowestPosition } from '../projections/runtime/checkpoints.js';
import type { ProjectionObserver } from '../projections/runtime/status.js';
import { Alerts, countOpenAlerts } from '../reactions/alerts/alerts.js';
import { outOfUse } from '../reactions/alerts/out-of-use.js';
import { StoppedAlert } from '../reactions/alerts/stopped.js';
import { readPosition } from '../reactions/following/places.js';
import { OutboxSender } from '../reactions/outbox/outbox-sender.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import { OPERATORS } from '../reactions/alerts/operator-receivers.js';
import { ReactionRunner } from '../reactions/reaction-runner.js';
import { logReceiver } from '../reactions/receivers/log-receiver.js';
import { UserAlertWatch } from '../reactions/user-alerts/watch.js';
import type { Process } from './process.js';
import { createOutgoingMails } from './mail.js';
import { openFiguresWatch, openOperatorReceivers } from './operator-alerts.js';
import { openUserReceivers } from './user-alerts.js';

/** Who is told of alerts. */
export const LOG = 'log';
export const ALERT_RECEIVERS = [LOG, OPERATORS];
/** Graces of the receivers, and what is written down after them. */
const STOP_WITHIN_MS = 20_000;

/** What follows from the ledger outside of it: starts in the processes that have a projector. Answers who is to be told of how the projections do. */
export async function openReactions(
  started: Process & { readonly reachedAt: { readonly url: string } },
): Promise<ProjectionObserver> {
  const { config, database, generation, log, metrics, shutdown, store } = started;
  const { pool } = database;
  const outbox = new PostgresOutbox(pool);
  const {
    maxWaiting,
    attempts: maxAttempts,
    attemptTimeoutMs: attemptMs,
    keptDays: keepDays,
  } = config.outbox;
  const publicUrl = () => config.publicUrl ?? started.reachedAt.url;
  const mails = createOutgoingMails(started);
  const sender = new OutboxSender({
    outbox,
    receivers: [
      logReceiver(log),
      ...openOperatorReceivers({ ...started, mails, publicUrl, onMessages: () => sender.ring() }),
      ...openUserReceivers({ ...started, mails, publicUrl }),
    ],
    settings: { maxAttempts, attemptMs, keepDays },
    observer: metrics.outbox,
  });
  const onMessages = () => sender.ring();
  const watch = new UserAlertWatch({
    pool,
    outbox,
    now: () => new Date(),
    onMessages,
    onFault: (error) =>
      log.warn(
        { part: 'user alerts', err: error },
        'the alerts of users cannot be looked at; it is tried again',
      ),
  });
  const alerts = new Alerts(pool, outbox, ALERT_RECEIVERS, onMessages);
  const { ledgerStopped, reactionStopped } = openStoppedAlerts(started, alerts);
  const runner = new ReactionRunner({
    reactions: [outOfUse(ALERT_RECEIVERS)],
    store,
    generation,
    pool,
    outbox,
    onMessages,
    maxWaiting,
    onFault: (reaction, error) => {
      log.warn({ part: 'reactions', reaction, err: error }, 'a reaction does not go on');
      reactionStopped.stopped(reaction, error);
    },
  });
  sender.start();
  shutdown.add('outbox', () => sender.stop(), STOP_WITHIN_MS);
  shutdown.add('alerts of users', watch.start());
  shutdown.add('alerts by figures', openFiguresWatch(started, alerts));
  await runner.start();
  shutdown.add('reactions', () => runner.stop());
  for (const stopped of [ledgerStopped, reactionStopped]) shutdown.add('alerts', stopped.watch());
  metrics.waiting(() => outbox.figures());
  metrics.gauge('alerts_open', 'Alerts that are not over.', () => countOpenAlerts(pool));
  return {
    stopped: (group, error) => ledgerStopped.stopped(group, error),
    batchApplied: ({ group, position }) => ledgerStopped.goneOn(group, position),
  };
}

function openStoppedAlerts({ database: { pool }, log }: Process, alerts: Alerts) {
  const onFault = (error: unknown) =>
    log.error({ part: 'reactions', err: error }, 'an alert could not be told; it is tried again');
  const ledger = ledgerProjections.map(({ name }) => name);
  return {
    ledgerStopped: new StoppedAlert({
      alerts,
      kind: 'ledger-stopped',
      summaryOf: (group) => `The read models of ${group} stopped: balances and calls do not move on.`,
      // The only group that stops at an event: statistics go past.
      positionOf: () => slowestPosition(pool, ledger),
      onFault,
    }),
    reactionStopped: new StoppedAlert({
      alerts,
      kind: 'reaction-stopped',
      summaryOf: (reaction) => `The reaction ${reaction} stopped: nothing more follows from the log.`,
      positionOf: (reaction) => readPosition(pool, reaction),
      onFault,
    }),
  };
}
