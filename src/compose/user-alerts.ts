import { randomUUID } from 'node:crypto';
import { emailOf } from '../domain/account/profile.js';
import { admitMail } from '../http/people/mail-limits.js';
import type { OwnAlerts } from '../http/people/own-alerts.js';
import type { SignedInPerson } from '../http/people/ports/person.js';
import { openedRows } from '../projections/runtime/opened-rows.js';
import { findOwnKey } from '../projections/token/own-keys.js';
import { createPostJson } from '../providers/webhook/post-json.js';
import type { Receipt } from '../reactions/outbox/receiver.js';
import { type UserReceiver, userReceivers } from '../reactions/user-alerts/receivers.js';
import { USER_MAIL, USER_WEBHOOK } from '../reactions/user-alerts/told.js';
import { createLoginAttempts } from '../stores/login-attempts.js';
import type { MailStore } from '../stores/mails.js';
import { createUserAlerts } from '../stores/user-alerts.js';
import { mayBeSaved, webhookReach } from '../support/reach.js';
import type { Config } from '../config.js';
import type { Ledger } from './ledger.js';

export interface UserAlertParts extends Pick<Ledger, 'keyring' | 'readModels'> {
  readonly config: Pick<Config, 'webhookAllowPrivate'>;
  readonly database: Pick<Ledger['database'], 'pool'>;
  readonly vault: Pick<Ledger['vault'], 'openTexts'>;
  readonly mails: Pick<MailStore, 'add'>;
  readonly publicUrl: () => string;
}

const now = () => new Date();
const ANSWERS_WITHIN_MS = 10_000;

/** Who brings alerts to the owners of accounts. */
export function openUserReceivers({
  config,
  database,
  keyring,
  mails,
  publicUrl,
  readModels,
  vault,
}: UserAlertParts) {
  const readable = openedRows(database.pool, vault.openTexts);
  return userReceivers({
    alerts: createUserAlerts(database.pool, keyring),
    readerOf: async ({ account, account_id: accountId }) => {
      const found = await readModels.account(account);
      return (
        found && {
          username: found.username,
          email: emailOf(found.externalUserId, found.personal),
          keyName: async (tokenId) => (await findOwnKey(readable, accountId, tokenId))?.tokenName ?? '',
        }
      );
    },
    mails,
    post: createPostJson(webhookReach(config.webhookAllowPrivate)),
    publicUrl,
    now,
  });
}

/** What people say of their own alerts. */
export function openOwnAlerts(
  parts: UserAlertParts,
): (person: Pick<SignedInPerson, 'accountId' | 'externalUserId'>) => OwnAlerts {
  const { config, database, keyring } = parts;
  const store = createUserAlerts(database.pool, keyring);
  const receivers = openUserReceivers(parts);
  const limits = {
    attempts: createLoginAttempts(database.pool),
    hash: (subject: string) => keyring.hashLoginSubject(subject),
    now,
  };
  return (person) => ({
    find: () => store.find(person.accountId),
    save: (settings) => store.save(person, settings),
    notices: (limit) => store.notices(person.accountId, limit),
    mayPost: (url) => mayBeSaved(webhookReach(config.webhookAllowPrivate), url),
    test: async () => {
      const settings = await store.find(person.accountId);
      if (!settings) return { mail: undefined, webhook: undefined };
      await admitMail(limits, `alerts of ${person.accountId}`);
      const send = (name: string) =>
        sendTest(
          receivers.find((each) => each.name === name),
          person,
        );
      return {
        mail: settings.byMail ? await send(USER_MAIL) : undefined,
        webhook: settings.webhook ? await send(USER_WEBHOOK) : undefined,
      };
    },
  });
}

async function sendTest(
  receiver: UserReceiver | undefined,
  { accountId, externalUserId }: Pick<SignedInPerson, 'accountId' | 'externalUserId'>,
): Promise<Receipt | undefined> {
  const at = now();
  const payload = { kind: 'test', account_id: accountId, account: externalUserId, at: at.toISOString() };
  try {
    return await receiver?.send({ id: randomUUID(), payload }, AbortSignal.timeout(ANSWERS_WITHIN_MS));
  } catch {
    // Its text may hold what must not be shown.
    return { kind: 'retry', reason: 'it did not answer' };
  }
}
