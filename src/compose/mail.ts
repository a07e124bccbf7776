import { createSmtpTransport } from '../providers/mail/smtp-transport.js';
import { MailSender } from '../reactions/mail/mail-sender.js';
import { createMails, type MailStore } from '../stores/mails.js';
import { isLoopback } from '../support/loopback.js';
import type { Foundation } from './ledger.js';

const STOP_WITHIN_MS = 40_000;

export interface Mail {
  readonly mails: MailStore;
  /** Whether what is written reaches somebody: a reader, or who looks at the outbox of their own machine. */
  readonly canMail: boolean;
}

const canDeliver = ({ smtpUrl, mailFrom }: Foundation['config']): boolean =>
  smtpUrl !== undefined && mailFrom !== undefined;

/** Where mails are put that whoever has the server sends. */
export const createOutgoingMails = ({
  config,
  database,
  keyring,
}: Pick<Foundation, 'config' | 'database' | 'keyring'>): Pick<MailStore, 'add' | 'stateOf' | 'withdraw'> =>
  createMails(database.pool, keyring, { delivers: canDeliver(config) });

/** The outbox of mails and, where there is a server to send them by, who does. */
export function openMail({
  config,
  database,
  keyring,
  log,
  shutdown,
}: Pick<Foundation, 'config' | 'database' | 'keyring' | 'log' | 'shutdown'>): Mail {
  const { smtpUrl, mailFrom } = config;
  const delivers = canDeliver(config);
  let sender: MailSender | undefined;
  const mails = createMails(database.pool, keyring, { delivers, onAdded: () => sender?.ring() });
  if (smtpUrl !== undefined && mailFrom !== undefined) {
    sender = new MailSender({
      mails,
      transport: createSmtpTransport(smtpUrl, mailFrom),
      now: () => new Date(),
      onFault: (error) => log.warn({ part: 'mail', err: error }, 'mails cannot be sent; it is tried again'),
    });
    sender.start();
    shutdown.add('mails', () => sender?.stop(), STOP_WITHIN_MS);
  }
  return { mails, canMail: delivers || isLoopback(config.host) };
}
