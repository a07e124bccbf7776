import { checked } from '../handling/command.js';
import type { CommandDependencies } from '../handling/ports.js';
import { bookCash } from './book-cash.js';
import type { CashCommands } from './commands.js';

export function createCashCommands(dependencies: CommandDependencies): CashCommands {
  return { bookCash: checked(bookCash(dependencies)) };
}
