import type { SettingKey } from '../../domain/setting/settings.js';
import type { Command } from '../handling/command.js';

export interface ChangeSetting {
  readonly key: SettingKey;
  /** As the caller wrote it: checked by the domain. Null takes the setting back to its default. */
  readonly value: unknown;
}

export interface SettingCommands {
  readonly changeSetting: Command<ChangeSetting, { readonly key: SettingKey }>;
}
