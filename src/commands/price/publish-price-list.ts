import { replay } from '../../domain/decider.js';
import { isSameList, priceListDecider } from '../../domain/price/decide.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import { lastListOf, loadPriceList } from './load-price-list.js';
import type { PriceCommands } from './commands.js';

/**
 * Publishes the next version, or nothing when the list in force says the same. With `unlessRepeated` also nothing where it is what the same
 * actor published last, though somebody else has published since: the later list stays.
 */
export function publishPriceList(
  dependencies: CommandDependencies,
): Handler<PriceCommands['publishPriceList']> {
  return ({ prices, groups, baseVersion, unlessRepeated = false }, meta) =>
    handle(dependencies, 'publish-price-list', meta, async () => {
      const list = await loadPriceList(dependencies);
      const decision = priceListDecider.decide({ prices, groups, by: meta.actor }, list.state);
      if (unlessRepeated && decision.kind === 'accepted' && decision.events.length > 0) {
        const own = await lastListOf(dependencies, meta.actor);
        if (own && isSameList(own, { prices, groups }))
          return planOne(list, replay(), { version: list.state.version, keptLater: true });
      }
      const published = decision.kind === 'accepted' && decision.events.length > 0;
      if (published && baseVersion !== undefined && baseVersion !== list.state.version)
        return refused({ code: 'price_list_moved', version: list.state.version });
      return planOne(list, decision, { version: list.state.version + (published ? 1 : 0) });
    });
}
