import { namesOnOffer } from '../../../../domain/channel/offer.js';
import { capacity, type UnitKind } from '../../../../domain/pricing/capacity.js';
import { groupRatioFor } from '../../../../domain/pricing/group-ratio.js';
import { PriceBook } from '../../../../domain/pricing/price-book.js';
import type { Price } from '../../../../domain/pricing/price.js';
import { QUOTA_PER_USD } from '../../../../domain/money/quota.js';
import type { CatalogueView } from '../../../../projections/catalogue/view.js';
import { exact, usd } from '../../../present.js';

interface OfferedModel {
  readonly model: string;
  readonly price: Price;
  readonly isDefault: boolean;
}

/**
 * What the balance buys of each model the group may use: those of enabled channels that have a price, the channels' test
 * models first, then by name. Empty where there is nothing to spend. A Map: names that look like numbers keep their place.
 */
export function presentCapacity(
  catalogue: CatalogueView,
  group: string,
  quota: bigint,
): Map<string, unknown> {
  const shown = new Map<string, unknown>();
  if (quota <= 0n) return shown;
  const known = catalogue.groups.find(({ name }) => name === group);
  const offered = known ? offeredModels(catalogue, group) : [];
  for (const { model, price, isDefault } of offered) {
    const groupRatio = known ? groupRatioFor(known, group, model).ratio : '0';
    shown.set(model, presentModel(price, groupRatio, quota, isDefault));
  }
  shown.set('_summary', {
    total_balance_usd: usd(quota),
    total_quota: quota,
    quota_per_usd: QUOTA_PER_USD,
    billing_formula: '消耗quota = 分组倍率 × 模型倍率 × (输入tokens + 输出tokens × 补全倍率)',
    models_available: offered.length,
    note: '实际消费取决于输入和输出token数量，此处仅显示输入token的估算',
  });
  return shown;
}

function offeredModels(catalogue: CatalogueView, group: string): readonly OfferedModel[] {
  const channels = catalogue.channels.filter(
    ({ enabled, settings }) => enabled && settings.groups.includes(group),
  );
  const defaults = new Set(channels.map(({ settings }) => settings.test_model));
  const prices = new PriceBook(catalogue.prices);
  return namesOnOffer(
    prices,
    channels.map(({ settings }) => settings),
  )
    .flatMap((model) => {
      const price = prices.get(model);
      return price ? [{ model, price, isDefault: defaults.has(model) }] : [];
    })
    .sort(
      (a, b) =>
        Number(b.isDefault) - Number(a.isDefault) || (a.model < b.model ? -1 : Number(a.model > b.model)),
    );
}

function presentModel(price: Price, groupRatio: string, quota: bigint, isDefault: boolean) {
  return {
    ...presentAmounts(price, groupRatio, quota),
    ...(isDefault ? { is_default_model: true } : {}),
  };
}

const unitNames: Readonly<
  Record<
    UnitKind,
    { readonly counted: string; readonly one: string; readonly note: (quota: bigint) => string }
  >
> = {
  call: { counted: 'calls', one: 'call', note: (quota) => `按次计费：${quota} quota/次` },
  image: { counted: 'images', one: 'image', note: (quota) => `按张计费：${quota} quota/张` },
  second: { counted: 'seconds', one: 'second', note: (quota) => `按时长计费：${quota} quota/秒` },
  thousand_characters: {
    counted: 'characters_1k',
    one: '1k_characters',
    note: (quota) => `按字符计费：${quota} quota/1K字符`,
  },
};

function presentAmounts(price: Price, groupRatio: string, quota: bigint) {
  const bought = capacity(price, groupRatio, quota);
  const ratios = {
    model_ratio: exact(price.model_ratio),
    completion_ratio: exact(price.completion_ratio),
    group_ratio: exact(groupRatio),
  };
  switch (bought.kind) {
    case 'free':
      return { free: true, ...ratios, pricing_note: '免费' };
    case 'units': {
      const { counted, one, note } = unitNames[bought.unit];
      return {
        [counted]: bought.units,
        [`price_per_${one}_usd`]: exact(bought.priceUsd),
        [`quota_per_${one}`]: bought.quotaPerUnit,
        ...ratios,
        pricing_note: note(bought.quotaPerUnit),
      };
    }
    case 'tokens':
      return {
        input_tokens_1k: bought.input1k,
        ...ratios,
        base_price_usd: exact(bought.basePriceUsd),
        quota_per_1k_input: bought.quotaPer1kInput,
        pricing_note: `输入：${bought.quotaPer1kInput} quota/1K tokens，输出：${bought.quotaPer1kOutput} quota/1K tokens`,
      };
  }
}
