import { compare, type Decimal, multiply } from '../money/decimal.js';
import { compileRates, type CompiledRates, type Factor } from '../pricing/compiled-rates.js';
import type { Group, Price } from '../pricing/price.js';
import { tiersOf } from '../pricing/rates.js';

/** What is wrong with a list beyond the form of its entries; undefined where nothing is. */
export function priceListFault(prices: readonly Price[], groups: readonly Group[]): string | undefined {
  const models = prices.map(({ model }) => model);
  const names = groups.map(({ name }) => name);
  return (
    duplicate('model', models) ??
    duplicate('group', names) ??
    firstOf(prices, (price) => priceFault(price)) ??
    firstOf(groups, (group) => groupFault(group, names))
  );
}

function priceFault(price: Price): string | undefined {
  const named = (fault: string | undefined) => fault && `model ${JSON.stringify(price.model)}: ${fault}`;
  return named(patternFault(price.model) ?? imageFault(price) ?? tierFault(price));
}

const patternFault = (name: string): string | undefined =>
  name.slice(0, -1).includes('*') ? 'a * may only stand at the end' : undefined;

function imageFault({ per_image_usd, image_prices }: Price): string | undefined {
  if (!image_prices) return undefined;
  if (per_image_usd === undefined)
    return 'image_prices need a per_image_usd, for pictures that none of them fits';
  const kinds = image_prices.map(({ size, quality }) => JSON.stringify([size, quality]));
  return duplicate('the picture', kinds);
}

/** Longer prompts never cost less a token: the charge grows with what was used, and the worst case is the longest prompt. */
function tierFault(price: Price): string | undefined {
  const tiers = tiersOf(price);
  for (const [index, { above, rates }] of tiers.entries()) {
    const below = tiers[index - 1];
    if (!below) continue;
    if ((above ?? 0) <= (below.above ?? 0)) return 'tiers stand in the order of above_prompt_tokens';
    const dear = unitsOf(compileRates(rates));
    const cheaper = unitsOf(compileRates(below.rates)).findIndex(
      (unit, kind) => compare(dear[kind] as Decimal, unit) < 0,
    );
    if (cheaper >= 0) return `the tier above ${above ?? 0} costs less than the one below it`;
  }
  return undefined;
}

/** What a token of each kind costs, in plain tokens of a model of ratio 1. */
function unitsOf(rates: CompiledRates): readonly Decimal[] {
  const { cached, cacheWrite, cacheWrite1h, promptAudio, promptImage } = rates;
  const { output, outputAudio, outputImage, reasoning = output } = rates;
  const factors: readonly Factor[] = [cached, cacheWrite, cacheWrite1h, promptAudio, promptImage];
  const outputs: readonly Factor[] = [output, outputAudio, outputImage, reasoning];
  return [rates.model, ...[...factors, ...outputs].map(({ value }) => multiply(rates.model, value))];
}

function groupFault({ name, special_ratios = [] }: Group, groups: readonly string[]): string | undefined {
  const named = (fault: string | undefined) => fault && `group ${JSON.stringify(name)}: ${fault}`;
  const keys = special_ratios.map(({ user_group, model }) => JSON.stringify([user_group, model]));
  return named(
    firstOf(special_ratios, ({ user_group, model }) => {
      if (user_group === undefined && model === undefined)
        return 'a special ratio names a user_group, a model or both';
      if (user_group !== undefined && !groups.includes(user_group))
        return `no such group is listed: ${user_group}`;
      return model === undefined ? undefined : patternFault(model);
    }) ?? duplicate('special ratio', keys),
  );
}

function firstOf<Item>(items: readonly Item[], faultOf: (item: Item) => string | undefined) {
  for (const item of items) {
    const fault = faultOf(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function duplicate(what: string, names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  return twice === undefined ? undefined : `${what} ${JSON.stringify(twice)} is listed twice`;
}
