import { settingDecider } from '../../domain/setting/decide.js';
import { settingStream } from '../../domain/streams.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { load } from '../handling/load.js';
import { planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { SettingCommands } from './commands.js';

export function changeSetting(dependencies: CommandDependencies): Handler<SettingCommands['changeSetting']> {
  return ({ key, value }, meta) =>
    handle(dependencies, 'change-setting', meta, async () => {
      const setting = await load(dependencies.store, settingStream(key), settingDecider);
      return planOne(setting, settingDecider.decide({ key, value, by: meta.actor }, setting.state), { key });
    });
}
