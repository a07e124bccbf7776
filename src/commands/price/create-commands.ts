import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { PriceCommands } from './commands.js';
import { publishPriceList } from './publish-price-list.js';

export function createPriceCommands(dependencies: CommandDependencies): PriceCommands {
  return { publishPriceList: checked(publishPriceList(dependencies)) };
}
