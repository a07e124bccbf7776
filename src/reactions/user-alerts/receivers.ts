import type { UserAlertStore } from '../../commands/alert/ports.js';
import type { MailQueue } from '../../commands/login/ports.js';
import type { OutboxEntry } from '../outbox/message.js';
import type { Receipt, Receiver } from '../outbox/receiver.js';
import { type PostJson, postSigned } from '../receivers/signed-post.js';
import { alertMail } from './texts.js';
import { type Told, toldSchema, USER_MAIL, USER_WEBHOOK } from './told.js';

/** Whoever is written to, as the read models have them now; undefined: nobody any more. */
export interface AlertReader {
  readonly username: string;
  /** Empty where none was given. */
  readonly email: string;
  /** Of one of their keys; empty where it is gone. */
  readonly keyName: (tokenId: number) => Promise<string>;
}

export interface UserReceiverParts {
  readonly alerts: Pick<UserAlertStore, 'find'>;
  readonly readerOf: (told: Pick<Told, 'account' | 'account_id'>) => Promise<AlertReader | undefined>;
  readonly mails: MailQueue;
  readonly post: PostJson;
  readonly publicUrl: () => string;
  readonly now: () => Date;
}

const rejected = (reason: string): Receipt => ({ kind: 'rejected', reason });

/** What of a message they need: a test is sent without the outbox. */
type Sent = Pick<OutboxEntry, 'id' | 'payload'>;

export interface UserReceiver extends Receiver {
  send(entry: Sent, signal: AbortSignal): Promise<Receipt>;
}

/** Those who bring alerts to the owners of accounts: into the mails, which have their own way out, and to their webhooks. */
export function userReceivers(parts: UserReceiverParts): readonly UserReceiver[] {
  return [
    { name: USER_MAIL, send: (entry) => mail(parts, entry) },
    { name: USER_WEBHOOK, send: (entry, signal) => hook(parts, entry, signal) },
  ];
}

async function mail(parts: UserReceiverParts, { id, payload }: Sent): Promise<Receipt> {
  const told = toldSchema.parse(payload);
  const [settings, reader] = await Promise.all([parts.alerts.find(told.account_id), parts.readerOf(told)]);
  if (!settings?.byMail || !reader || reader.email === '')
    return rejected('no mail is wanted, or there is no address');
  const keyName = told.kind === 'key' ? await reader.keyName(told.token_id) : '';
  const content = alertMail(told, settings.language, {
    username: reader.username,
    keyName,
    link: `${parts.publicUrl()}/portal/alerts`,
  });
  await parts.mails.add(
    { id, kind: 'alert', accountId: told.account_id, to: reader.email, content },
    parts.now(),
  );
  return { kind: 'delivered' };
}

async function hook(parts: UserReceiverParts, { id, payload }: Sent, signal: AbortSignal): Promise<Receipt> {
  const { account_id: accountId, ...told } = toldSchema.parse(payload);
  const webhook = (await parts.alerts.find(accountId))?.webhook;
  if (!webhook) return rejected('no webhook is wanted');
  return postSigned(parts, webhook, { id, ...told }, signal);
}
