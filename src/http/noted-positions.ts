import type { CommandResult } from '../commands/handling/command.js';

/** With which answers say it: a read with `min_position` shows at least that. */
export const POSITION_HEADER = 'x-counterfoil-position';

/** Where in the log is what the commands of one request came to. */
export interface NotedPosition {
  last: bigint | undefined;
}

/** The same commands, and a note of the last position that any of them answered. */
export function notingPositions<Commands extends object>(commands: Commands, noted: NotedPosition): Commands {
  return new Proxy(commands, {
    get(target, name): unknown {
      const command: unknown = Reflect.get(target, name);
      if (typeof command !== 'function') return command;
      return async (...given: unknown[]) => {
        const result = (await Reflect.apply(command, target, given)) as CommandResult<unknown>;
        if (result.ok && (noted.last === undefined || result.position > noted.last))
          noted.last = result.position;
        return result;
      };
    },
  });
}
