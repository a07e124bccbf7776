import { createAccountCommands } from './account/create-commands.js';
import { createAdjustmentCommands } from './adjustment/create-commands.js';
import { createCashCommands } from './cash/create-commands.js';
import { createChannelCommands } from './channel/create-commands.js';
import { createCodeCommands } from './code/create-commands.js';
import type { Commands } from './commands.js';
import { createGrantCommands } from './grant/create-commands.js';
import type { CommandDependencies } from './handling/ports.js';
import { followGifts } from './order/book-returns.js';
import { createOrderCommands } from './order/create-commands.js';
import { createPaymentCommands } from './payment/create-commands.js';
import { createPlanCommands } from './plan/create-commands.js';
import { createPriceCommands } from './price/create-commands.js';
import { createReferralCommands } from './referral/create-commands.js';
import { createRefundCommands } from './refund/create-commands.js';
import { failReturned } from './refund/fail-returned.js';
import { createSettingCommands } from './setting/create-commands.js';
import { createSubscriptionCommands } from './subscription/create-commands.js';
import { createTeamCommands } from './team/create-commands.js';
import { createTokenCommands } from './token/create-commands.js';

/** The write side, put together. */
export function createCommands(dependencies: CommandDependencies): Commands {
  return {
    ...createAccountCommands(dependencies),
    ...createAdjustmentCommands(dependencies),
    ...createCashCommands(dependencies),
    ...createChannelCommands(dependencies),
    ...createCodeCommands(dependencies),
    ...createGrantCommands(dependencies),
    ...createOrderCommands(dependencies, failReturned(dependencies)),
    ...createPaymentCommands(dependencies, (orderId, meta) => followGifts(dependencies, orderId, meta)),
    ...createPlanCommands(dependencies),
    ...createPriceCommands(dependencies),
    ...createReferralCommands(dependencies),
    ...createRefundCommands(dependencies),
    ...createSettingCommands(dependencies),
    ...createSubscriptionCommands(dependencies),
    ...createTeamCommands(dependencies),
    ...createTokenCommands(dependencies),
  };
}
