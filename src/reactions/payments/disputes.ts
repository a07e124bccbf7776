import { checked, LedgerUnavailable } from '../../commands/handling/command.js';
import type { OrderCommands } from '../../commands/order/commands.js';
import { countOpenDisputes } from '../../projections/order/work.js';
import type { DeskParts } from './desk.js';

/**
 * What a dispute does to its account is for the setting to say. Who wins the last one that was open is reinstated, also where that is told
 * again: whoever was told first may have died in between, or not have seen the tables in time, and then it has not been taken.
 */
export const withDisputes = (
  commands: OrderCommands,
  { db, terms, waitFor }: Pick<DeskParts, 'db' | 'terms' | 'waitFor'>,
): OrderCommands => ({
  ...commands,
  applySighting: checked(async (seen, meta) => {
    const { what } = seen.sighting;
    const suspends = what === 'disputed' && (await terms()).disputes !== 'debt';
    const result = await commands.applySighting({ ...seen, suspends }, meta);
    if (what !== 'dispute-won' || !result.ok) return result;
    // The one that the payment was credited to.
    const { orderId } = result.value;
    if (!(await waitFor(result.position)))
      throw new LedgerUnavailable('whether another dispute is open is not known yet');
    if ((await countOpenDisputes(db, orderId)) > 0) return result;
    const reinstated = await commands.reinstateUndisputed({ orderId }, meta);
    return reinstated.ok && reinstated.position > result.position
      ? { ...result, position: reinstated.position }
      : result;
  }),
});
