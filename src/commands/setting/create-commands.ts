import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { changeSetting } from './change-setting.js';
import type { SettingCommands } from './commands.js';

export function createSettingCommands(dependencies: CommandDependencies): SettingCommands {
  return { changeSetting: checked(changeSetting(dependencies)) };
}
