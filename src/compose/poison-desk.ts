import { skipOf } from '../domain/ledger/state.js';
import type { PoisonDesk } from '../http/operators/poison.js';
import type { AnyLog } from './any-log.js';
import { lookForPoison, skipObstacle } from './poison.js';

/** @param openLog the log as it is; asked for once, when somebody first looks */
export function createPoisonDesk(openLog: () => Promise<AnyLog>): PoisonDesk {
  let opened: Promise<AnyLog> | undefined;
  const log = () => {
    opened ??= openLog();
    // What could not be opened is tried again by whoever looks next.
    opened.catch(() => (opened = undefined));
    return opened;
  };
  const look = async () => lookForPoison(await log());
  return {
    list: async () => {
      const poison = await look();
      return { obstacles: await poison.obstacles(), skipped: poison.skipped };
    },
    at: async (position) => {
      const poison = await look();
      const [event, obstacle] = [await poison.event(position), await poison.at(position)];
      if (!event && !obstacle) return undefined;
      const skipped = skipOf(poison.skipped, { position, event: event ?? null });
      return { event, reason: obstacle?.reason, skipped };
    },
    skip: async (position, reason, meta) => skipObstacle(await log(), { position, reason }, meta),
  };
}
