import { adjustBalance } from './adjustment/adjust-balance.js';
import { changeAccountGroup, reinstateAccount, suspendAccount } from './account/change-account.js';
import { changeSetting } from './setting/change-setting.js';
import { changeToken, revokeToken } from './token/change-token.js';
import type { CommandMeta, CommandResult, Commands } from './commands.js';
import { configureChannel, setChannelEnabled, setChannelKeyEnabled } from './channel/configure-channel.js';
import { creditPayment } from './payment/credit-payment.js';
import { eraseAccount } from './account/erase-account.js';
import { issueToken } from './token/issue-token.js';
import type { CommandDependencies } from './handling/ports.js';
import { publishPriceList } from './price/publish-price-list.js';
import { refundPayment } from './payment/refund-payment.js';
import { resetToken } from './token/reset-token.js';
import { syncAccount } from './account/sync-account.js';
import { holdsUnstorableText } from './handling/text-check.js';

/** The write side, put together. */
export function createCommands(dependencies: CommandDependencies): Commands {
  return {
    syncAccount: checked(syncAccount(dependencies)),
    creditPayment: checked(creditPayment(dependencies)),
    refundPayment: checked(refundPayment(dependencies)),
    adjustBalance: checked(adjustBalance(dependencies)),
    issueToken: checked(issueToken(dependencies)),
    changeToken: checked(changeToken(dependencies)),
    resetToken: checked(resetToken(dependencies)),
    revokeToken: checked(revokeToken(dependencies)),
    suspendAccount: checked(suspendAccount(dependencies)),
    reinstateAccount: checked(reinstateAccount(dependencies)),
    changeAccountGroup: checked(changeAccountGroup(dependencies)),
    eraseAccount: checked(eraseAccount(dependencies)),
    publishPriceList: checked(publishPriceList(dependencies)),
    configureChannel: checked(configureChannel(dependencies)),
    setChannelEnabled: checked(setChannelEnabled(dependencies)),
    setChannelKeyEnabled: checked(setChannelKeyEnabled(dependencies)),
    changeSetting: checked(changeSetting(dependencies)),
  };
}

type Command<Input, Value> = (input: Input, meta: CommandMeta) => Promise<CommandResult<Value>>;

function checked<Input, Value>(command: Command<Input, Value>): Command<Input, Value> {
  return async (input, meta) =>
    holdsUnstorableText([input, meta])
      ? { ok: false, refusal: { code: 'text_invalid' } }
      : command(input, meta);
}
