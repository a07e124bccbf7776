import { callOfDoubt } from '../../domain/adjustment/doubt.js';
import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { adjustBalance } from './adjust-balance.js';
import type { AdjustmentCommands } from './commands.js';
import { settleDoubt } from './settle-doubt.js';

export function createAdjustmentCommands(dependencies: CommandDependencies): AdjustmentCommands {
  const adjust = adjustBalance(dependencies);
  return {
    adjustBalance: checked(async (command, meta) =>
      callOfDoubt(command.adjustmentId) === undefined ? adjust(command, meta) : RESERVED,
    ),
    settleDoubt: checked(settleDoubt(dependencies, adjust)),
  };
}

/** Ids of settlements are not for other corrections: a doubt would seem settled. */
const RESERVED = { ok: false, refusal: { code: 'adjustment_conflict', field: 'adjustment_id' } } as const;
