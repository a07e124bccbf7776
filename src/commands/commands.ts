import type { AccountCommands } from './account/commands.js';
import type { AdjustmentCommands } from './adjustment/commands.js';
import type { CashCommands } from './cash/commands.js';
import type { ChannelCommands } from './channel/commands.js';
import type { CodeCommands } from './code/commands.js';
import type { GrantCommands } from './grant/commands.js';
import type { OrderCommands } from './order/commands.js';
import type { PaymentCommands } from './payment/commands.js';
import type { ReferralCommands } from './referral/commands.js';
import type { RefundCommands } from './refund/commands.js';
import type { PlanCommands } from './plan/commands.js';
import type { PriceCommands } from './price/commands.js';
import type { SettingCommands } from './setting/commands.js';
import type { SubscriptionCommands } from './subscription/commands.js';
import type { TeamCommands } from './team/commands.js';
import type { TokenCommands } from './token/commands.js';

/**
 * The write side on the log alone, all of it together. Operators and service keys have commands of their own
 * (`operator/commands.ts`, `servicekey/commands.ts`): beside the log they keep what somebody logs in with.
 */
export interface Commands
  extends
    AccountCommands,
    AdjustmentCommands,
    CashCommands,
    ChannelCommands,
    CodeCommands,
    GrantCommands,
    OrderCommands,
    PaymentCommands,
    PlanCommands,
    PriceCommands,
    ReferralCommands,
    RefundCommands,
    SettingCommands,
    SubscriptionCommands,
    TeamCommands,
    TokenCommands {}
