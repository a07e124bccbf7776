import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { adjustBalance } from './adjust-balance.js';
import type { AdjustmentCommands } from './commands.js';

export function createAdjustmentCommands(dependencies: CommandDependencies): AdjustmentCommands {
  return { adjustBalance: checked(adjustBalance(dependencies)) };
}
