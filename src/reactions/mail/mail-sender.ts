import type { DueMail, MailsToSend } from '../../commands/login/ports.js';
import { repeat } from '../../support/repeat.js';
import { MailNotSent, type MailTransport } from './transport.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A mail that could not be sent for a day is given up: by then its link is dead as well. */
const GIVEN_UP_AFTER_MS = DAY;
const PAUSES_MS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR] as const;
const AT_ONCE = 5;
/** Longer than a server may take. */
const LEASE_MS = 5 * MINUTE;
const LONGEST_ANSWER = 500;

export interface MailSenderOptions {
  readonly mails: MailsToSend;
  readonly transport: MailTransport;
  readonly now: () => Date;
  /** The database cannot be asked; it is tried again. */
  readonly onFault: (error: unknown) => void;
  readonly lookEveryMs?: number;
}

/** Sends what is due; any number of processes may do so at once. */
export class MailSender {
  private stopped: () => Promise<void> = () => Promise.resolve();
  private working: Promise<void> | undefined;
  private again = false;

  constructor(private readonly options: MailSenderOptions) {}

  start(): void {
    const { lookEveryMs = 10_000, transport } = this.options;
    const stop = repeat(0, async () => {
      await this.look();
      return lookEveryMs;
    });
    this.stopped = async () => {
      await stop();
      await this.working;
      transport.close();
    };
  }

  /** Looks at once. */
  ring(): void {
    void this.look();
  }

  /** What is under way ends first. */
  stop(): Promise<void> {
    return this.stopped();
  }

  /** One look at a time; who rings meanwhile has another one made. */
  private async look(): Promise<void> {
    if (this.working) {
      this.again = true;
      return this.working;
    }
    this.working = this.sendAll().catch(this.options.onFault);
    await this.working;
    this.working = undefined;
    if (this.again) {
      this.again = false;
      await this.look();
    }
  }

  private async sendAll(): Promise<void> {
    const { mails, now } = this.options;
    for (;;) {
      const due = await mails.claim(AT_ONCE, LEASE_MS, now());
      if (due.length === 0) return;
      await Promise.all(due.map((mail) => this.send(mail)));
    }
  }

  private async send({ id, to, content, attempts, createdAt }: DueMail): Promise<void> {
    const { mails, transport, now } = this.options;
    try {
      const answer = await transport.send({ id, to, content });
      await mails.sent(id, answer.slice(0, LONGEST_ANSWER), now());
    } catch (error) {
      if (!(error instanceof MailNotSent)) throw error;
      const at = now();
      const isLate = at.getTime() - createdAt.getTime() >= GIVEN_UP_AFTER_MS;
      const pause = PAUSES_MS[Math.min(attempts, PAUSES_MS.length - 1)] as number;
      const nextAt = error.isFinal || isLate ? undefined : new Date(at.getTime() + pause);
      await mails.failed(id, error.answer.slice(0, LONGEST_ANSWER), nextAt, at);
    }
  }
}
