import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { followGifts } from '../order/book-returns.js';
import { bindReferral } from './bind-referral.js';
import type { ReferralCommands } from './commands.js';
import { earnReward } from './earn-reward.js';

export function createReferralCommands(dependencies: CommandDependencies): ReferralCommands {
  return {
    bindReferral: checked(bindReferral(dependencies)),
    earnReward: checked(earnReward(dependencies)),
    settleReward: checked(async ({ orderId }, meta) => {
      const given = await followGifts(dependencies, orderId, meta);
      // Money that went back meanwhile did not know of what was given.
      if (given.ok && !given.replayed) await followGifts(dependencies, orderId, meta);
      return given;
    }),
  };
}
