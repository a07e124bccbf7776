import { referralTermsOf } from '../domain/setting/settings.js';
import { Rewards } from '../reactions/referrals/rewards.js';
import type { Process } from './process.js';
import type { WriteSide } from './write-side.js';

/** More than the tables take, also after a start. */
const TABLES_WAIT_MS = 10_000;

/** What orders bring to whoever invited their users is given in whichever process comes first, also where nobody can be invited any more. */
export function giveRewards(
  { commands, config, database, log, readModels, shutdown }: Process & Pick<WriteSide, 'commands'>,
  now: () => Date,
): void {
  const rewards = new Rewards({
    pool: database.pool,
    commands,
    terms: async () => referralTermsOf(await readModels.settings()),
    waitFor: (position) => readModels.waitFor(position, TABLES_WAIT_MS),
    timezone: config.timezone,
    bindsReferrals: config.bindsReferrals,
    now,
    onFault: (error) =>
      log.error({ part: 'referrals', err: error }, 'a reward could not be looked at; it is tried again'),
  });
  rewards.start();
  shutdown.add('referrals', () => rewards.stop());
}
