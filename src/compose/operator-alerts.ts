import { withTransaction } from '../postgres/pool.js';
import { type AlertTerms, firstAlertTerms } from '../domain/setting/alerts.js';
import { settingsInForce } from '../domain/setting/settings.js';
import type { AlertDesk } from '../http/operators/alerts.js';
import { createPostJson } from '../providers/webhook/post-json.js';
import type { ReadModels } from '../projections/read-models.js';
import type { Alerts } from '../reactions/alerts/alerts.js';
import { FiguresWatch } from '../reactions/alerts/figures-watch.js';
import { operatorReceivers } from '../reactions/alerts/operator-receivers.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import { createAlertAddresses } from '../stores/alert-receivers.js';
import type { MailStore } from '../stores/mails.js';
import { mayBeSaved, webhookReach } from '../support/reach.js';
import type { Config } from '../config.js';
import { alertFigures } from './alert-figures.js';
import type { Ledger } from './ledger.js';
import type { Process } from './process.js';

const now = () => new Date();

const termsOf =
  ({ readModels }: { readonly readModels: Pick<ReadModels, 'settings'> }): (() => Promise<AlertTerms>) =>
  async () =>
    settingsInForce(await readModels.settings(), { alerts: firstAlertTerms }).alerts;

interface ReceiverParts extends Pick<Ledger, 'keyring' | 'readModels'> {
  readonly config: Pick<Config, 'webhookAllowPrivate'>;
  readonly database: Pick<Ledger['database'], 'pool'>;
  readonly mails: Pick<MailStore, 'add'>;
  readonly publicUrl: () => string;
  readonly onMessages: () => void;
}

/** Who brings alerts to those whom operators named. */
export function openOperatorReceivers(parts: ReceiverParts) {
  const { config, database, keyring, mails, onMessages, publicUrl } = parts;
  const { pool } = database;
  const outbox = new PostgresOutbox(pool);
  const addresses = createAlertAddresses(pool, keyring);
  return operatorReceivers({
    terms: termsOf(parts),
    addressOf: (name) => addresses.find(name),
    mails,
    add: async (messages) => {
      await withTransaction(pool, (tx) => outbox.add(tx, messages, { source: 'alerts' }));
      onMessages();
    },
    post: createPostJson(webhookReach(config.webhookAllowPrivate)),
    publicUrl,
    now,
  });
}

/** Tells of figures that reach a mark. Answers the way to stop. */
export function openFiguresWatch(parts: Process, alerts: Alerts): () => Promise<void> {
  const { database, log, store } = parts;
  return new FiguresWatch({
    alerts,
    terms: termsOf(parts),
    figures: alertFigures({ pool: database.pool, store, now }),
    onFault: (error) =>
      log.warn(
        { part: 'alerts', err: error },
        'a figure of the alerts cannot be looked at; it is tried again',
      ),
  }).start();
}

/** Where operators want to be told, and where they may. */
export function openAlertAddresses({
  config,
  database,
  keyring,
}: Pick<ReceiverParts, 'config' | 'database' | 'keyring'>): Pick<AlertDesk, 'addresses' | 'mayPost'> {
  return {
    addresses: createAlertAddresses(database.pool, keyring),
    mayPost: (url) => mayBeSaved(webhookReach(config.webhookAllowPrivate), url),
  };
}
