import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { GrantCommands } from './commands.js';
import { closeGrant, endGrant } from './end-grant.js';
import { giveGrant } from './give-grant.js';

export function createGrantCommands(dependencies: CommandDependencies): GrantCommands {
  return {
    giveGrant: checked(giveGrant(dependencies)),
    closeGrant: checked(closeGrant(dependencies)),
    endGrant: checked(endGrant(dependencies)),
  };
}
