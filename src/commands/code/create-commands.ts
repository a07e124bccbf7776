import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { CodeCommands } from './commands.js';
import { makeCodes } from './make-codes.js';
import { redeemCode } from './redeem-code.js';
import { voidCode, voidCodeBatch } from './void-codes.js';

export function createCodeCommands(dependencies: CommandDependencies): CodeCommands {
  return {
    makeCodes: checked(makeCodes(dependencies)),
    voidCode: checked(voidCode(dependencies)),
    voidCodeBatch: checked(voidCodeBatch(dependencies)),
    redeemCode: checked(redeemCode(dependencies)),
  };
}
