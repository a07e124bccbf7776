import { createTransport } from 'nodemailer';
import { MailNotSent, type MailTransport } from '../../reactions/mail/transport.js';

const TIMEOUT_MS = 30_000;
/** Permanent, by RFC 5321. */
const PERMANENT = 500;

interface SmtpFault {
  readonly message: string;
  /** What the server said: `550 5.1.1 no such user`. */
  readonly response?: string;
  readonly responseCode?: number;
}

/** @param url `smtp://` (STARTTLS where it is offered) or `smtps://`, with the credentials. @param from the sender's address, with or without a name */
export function createSmtpTransport(url: string, from: string): MailTransport {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // What a mail says is ours: nothing of it names a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ id, to, content }) => {
      try {
        const { response } = await transport.sendMail({
          messageId: `<${id}@counterfoil>`,
          from,
          // As an object: an address is never read as a list of addresses.
          to: { name: '', address: to },
          ...content,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return response;
      } catch (error) {
        const { message, response, responseCode = 0 } = error as SmtpFault;
        throw new MailNotSent(response ?? message, responseCode >= PERMANENT);
      }
    },
    close: () => transport.close(),
  };
}
