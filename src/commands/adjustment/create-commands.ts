import { callOfDoubt } from '../../domain/adjustment/doubt.js';
import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { adjustBalance } from './adjust-balance.js';
import { approveAdjustment, declineAdjustment } from './decide-request.js';
import type { AdjustmentCommands } from './commands.js';
import { settleDoubt } from './settle-doubt.js';

export function createAdjustmentCommands(dependencies: CommandDependencies): AdjustmentCommands {
  const adjust = adjustBalance(dependencies, dependencies.adjustAlone);
  return {
    adjustBalance: checked(async (command, meta) =>
      callOfDoubt(command.adjustmentId) === undefined ? adjust(command, meta) : RESERVED,
    ),
    approveAdjustment: checked(approveAdjustment(dependencies)),
    declineAdjustment: checked(declineAdjustment(dependencies)),
    // Bounded by what was charged, and by an id that is nobody's choice.
    settleDoubt: checked(settleDoubt(dependencies, adjustBalance(dependencies, undefined))),
  };
}

/** Ids of settlements are not for other corrections: a doubt would seem settled. */
const RESERVED = { ok: false, refusal: { code: 'adjustment_conflict', field: 'adjustment_id' } } as const;
