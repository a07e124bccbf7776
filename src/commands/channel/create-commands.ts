import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { ChannelCommands } from './commands.js';
import { configureChannel, setChannelEnabled, setChannelKeyEnabled } from './configure-channel.js';

export function createChannelCommands(dependencies: CommandDependencies): ChannelCommands {
  return {
    configureChannel: checked(configureChannel(dependencies)),
    setChannelEnabled: checked(setChannelEnabled(dependencies)),
    setChannelKeyEnabled: checked(setChannelKeyEnabled(dependencies)),
  };
}
