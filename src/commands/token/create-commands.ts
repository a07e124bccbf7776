import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { carryOverToken } from './carry-over-token.js';
import { changeToken, revokeToken } from './change-token.js';
import type { TokenCommands } from './commands.js';
import { issueToken } from './issue-token.js';
import { resetToken } from './reset-token.js';

export function createTokenCommands(dependencies: CommandDependencies): TokenCommands {
  return {
    issueToken: checked(issueToken(dependencies)),
    carryOverToken: checked(carryOverToken(dependencies)),
    changeToken: checked(changeToken(dependencies)),
    resetToken: checked(resetToken(dependencies)),
    revokeToken: checked(revokeToken(dependencies)),
  };
}
