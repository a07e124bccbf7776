import type { MailText } from '../../commands/login/ports.js';

export interface OutgoingMail {
  /** The same at every attempt, so that a reader who gets it twice is shown it once. */
  readonly id: string;
  readonly to: string;
  readonly content: MailText;
}

/** What brings mails to a server. */
export interface MailTransport {
  /** @returns what the server said. @throws MailNotSent */
  send(mail: OutgoingMail): Promise<string>;
  close(): void;
}

/** The server did not take a mail. */
export class MailNotSent extends Error {
  override readonly name = 'MailNotSent';
  constructor(
    /** In its words, or why it could not be asked. */
    readonly answer: string,
    /** It will never take this one. */
    readonly isFinal: boolean,
  ) {
    super(answer);
  }
}
