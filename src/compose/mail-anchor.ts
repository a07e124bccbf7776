import { setTimeout as sleep } from 'node:timers/promises';
import { messageId } from '../reactions/outbox/message.js';
import { written } from '../reactions/mail/written.js';
import type { MailStore } from '../stores/mails.js';
import type { Anchor, ToAnchor } from '../transparency/anchors/anchor.js';
import { readNote } from '../transparency/signed-note.js';

/**
 * What is told of a checkpoint, under an id that is the same whenever it is told again. Of another history it is another one, however many
 * entries that has: who does nothing about what he had already would not see it.
 */
export const toldOf = ({ checkpoint, origin }: ToAnchor, name: string) => ({
  id: messageId('checkpoint', name, readNote(checkpoint.note).text),
  event: 'checkpoint-signed',
  origin,
  size: checkpoint.size,
  signed_at: checkpoint.signedAt.toISOString(),
  checkpoint: checkpoint.note,
});

/** Shorter than an attempt may take; who sends looks every ten seconds. */
const SENT_WITHIN_MS = 17_000;
const LOOK_EVERY_MS = 500;

const refusals = {
  waiting: 'it was not sent in time',
  failed: 'the mail server does not take it',
  kept: 'there is no server that sends mails (SMTP_URL, MAIL_FROM)',
} as const;

interface MailAnchorSettings {
  readonly name: string;
  readonly to: string;
  readonly everyMs: number;
}

/** By the outbox of mails. What is not sent in time is taken out again, so that the newest goes when mails do, and not each that was missed. */
export const mailAnchor = (
  mails: Pick<MailStore, 'add' | 'stateOf' | 'withdraw'>,
  { name, to, everyMs }: MailAnchorSettings,
  sentWithinMs = SENT_WITHIN_MS,
): Anchor => ({
  name,
  everyMs,
  isSentByOthers: true,
  take: async (given, signal) => {
    const { id, origin, size, checkpoint } = toldOf(given, name);
    const content = written({
      language: 'en',
      subject: `${origin}: ${size} entries`,
      lines: ['Keep this. Who has it sees whether anything before it was ever changed.', checkpoint],
    });
    await mails.add({ id, kind: 'checkpoint', accountId: undefined, to, content }, new Date());
    const untilMs = performance.now() + sentWithinMs;
    let state = await mails.stateOf(id);
    while (state === 'waiting' && performance.now() < untilMs && !signal.aborted) {
      await sleep(LOOK_EVERY_MS);
      state = await mails.stateOf(id);
    }
    if (state === 'sent') return { kind: 'taken' };
    await mails.withdraw(id);
    return { kind: 'failed', reason: refusals[state ?? 'failed'] };
  },
});
