import { OPERATORS_STAY, PEOPLE_STAY } from '../http/sessions/browser-sessions.js';
import { createHandovers } from '../stores/handovers.js';
import { createMailTokens } from '../stores/mail-tokens.js';
import type { MailStore } from '../stores/mails.js';
import { createPendingRegistrations } from '../stores/pending-registrations.js';
import { createSignInSteps } from '../stores/sign-in-steps.js';
import { createSignIns } from '../stores/sign-ins.js';
import { createSessions } from '../stores/sessions.js';
import { repeat } from '../support/repeat.js';
import type { Foundation } from './ledger.js';

const PURGE_EVERY_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;
const MAILS_KEPT_MS = 30 * DAY_MS;
const SIGN_INS_KEPT_MS = 90 * DAY_MS;
/** Whoever of the two may stay longer. */
const LONGEST_STAY = {
  idleMs: Math.max(PEOPLE_STAY.idleMs, OPERATORS_STAY.idleMs),
  atMostMs: Math.max(PEOPLE_STAY.atMostMs, OPERATORS_STAY.atMostMs),
};

/** Deletes sessions, links, registrations and mails that nobody can use any more, and who signed in long ago. */
export function forgetWhatRanOut(
  { database, keyring, log, shutdown }: Pick<Foundation, 'database' | 'keyring' | 'log' | 'shutdown'>,
  mails: Pick<MailStore, 'purge'>,
): void {
  const { pool } = database;
  const [sessions, steps, handovers, tokens, pending] = [
    createSessions(pool),
    createSignInSteps(pool, keyring),
    createHandovers(pool),
    createMailTokens(pool, keyring),
    createPendingRegistrations(pool, keyring),
  ];
  const purge = async (now: Date): Promise<void> => {
    await sessions.purge(LONGEST_STAY, now);
    await steps.purge(now);
    await createSignIns(pool).purge(new Date(now.getTime() - SIGN_INS_KEPT_MS));
    await handovers.purge(now);
    await tokens.purge(now);
    await pending.purge(now);
    await mails.purge(MAILS_KEPT_MS, now);
  };
  const stop = repeat(PURGE_EVERY_MS, async () => {
    await purge(new Date()).catch((error: unknown) =>
      log.warn({ err: error }, 'what ran out could not be deleted'),
    );
    return PURGE_EVERY_MS;
  });
  shutdown.add('purge of what ran out', stop);
}
