import { settingDecider } from '../../domain/setting/decide.js';
import { settingStream } from '../../domain/streams.js';
import type { Commands } from '../commands.js';
import { handle } from '../handling/handle.js';
import { load } from '../handling/load.js';
import { planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';

export function changeSetting(dependencies: CommandDependencies): Commands['changeSetting'] {
  return ({ key, value }, meta) =>
    handle(dependencies, 'change-setting', meta, async () => {
      const setting = await load(dependencies.store, settingStream(key), settingDecider);
      return planOne(setting, settingDecider.decide({ key, value, by: meta.actor }, setting.state), { key });
    });
}
