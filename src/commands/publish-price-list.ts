import { priceListDecider } from '../domain/pricelist/decide.js';
import type { Commands } from './commands.js';
import { handle } from './handle.js';
import { planOne, refused } from './plan.js';
import type { CommandDependencies } from './ports.js';
import { loadPriceList } from './price-lists.js';

/** Publishes the next version, or nothing when the list in force says the same. */
export function publishPriceList(dependencies: CommandDependencies): Commands['publishPriceList'] {
  return ({ prices, groups, baseVersion }, meta) =>
    handle(dependencies, 'publish-price-list', meta, async () => {
      const list = await loadPriceList(dependencies);
      const decision = priceListDecider.decide({ prices, groups, by: meta.actor }, list.state);
      const published = decision.kind === 'accepted' && decision.events.length > 0;
      if (published && baseVersion !== undefined && baseVersion !== list.state.version)
        return refused({ code: 'price_list_moved', version: list.state.version });
      return planOne(list, decision, { version: list.state.version + (published ? 1 : 0) });
    });
}
