import { servedAs } from '../../../domain/channel/models.js';
import { capacity } from '../../../domain/pricing/capacity.js';
import type { Price } from '../../../domain/pricing/price.js';
import { QUOTA_PER_USD } from '../../../domain/money/quota.js';
import type { CatalogueView } from '../../../projections/read-models.js';
import { exact, usd } from '../../present.js';

interface OfferedModel {
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
  const groupRatio = catalogue.groups.find(({ name }) => name === group)?.ratio;
  const offered = groupRatio === undefined ? [] : offeredModels(catalogue, group);
  for (const { price, isDefault } of offered)
    shown.set(price.model, presentModel(price, groupRatio ?? '0', quota, isDefault));
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
  return catalogue.prices
    .filter(({ model }) => channels.some(({ settings }) => servedAs(settings, model)))
    .map((price) => ({ price, isDefault: defaults.has(price.model) }))
    .sort(
      (a, b) =>
        Number(b.isDefault) - Number(a.isDefault) ||
        (a.price.model < b.price.model ? -1 : Number(a.price.model > b.price.model)),
    );
}

function presentModel(price: Price, groupRatio: string, quota: bigint, isDefault: boolean) {
  return {
    ...presentAmounts(price, groupRatio, quota),
    ...(isDefault ? { is_default_model: true } : {}),
  };
}

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
    case 'calls':
      return {
        calls: bought.calls,
        price_per_call_usd: exact(bought.pricePerCallUsd),
        quota_per_call: bought.quotaPerCall,
        ...ratios,
        pricing_note: `按次计费：${bought.quotaPerCall} quota/次`,
      };
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
