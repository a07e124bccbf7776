import {
  add,
  type Decimal,
  exactDecimal,
  formatDecimal,
  fromInteger,
  negate,
  ZERO,
} from '../../../domain/money/decimal.js';
import { usdOfQuota } from '../../../domain/money/quota.js';
import type { ChargeLine } from '../../../domain/pricing/charge.js';
import type { CallBudget } from './budgets.js';
import type { ChargeStep } from './charge-step.js';
import { chargeWords, type Failed, failureWords, type ToldText } from './told-words.js';

/** One line of an explanation for the person whose money it is. */
export interface ToldLine {
  /** Stable: programs branch on it. */
  readonly kind: string;
  readonly text: ToldText;
  /** Quota, exact decimal text; the lines of an explanation add up to its figure. */
  readonly quota: string;
}

/** What is told of a step of a call. */
type Step =
  | ChargeStep
  | { readonly step: 'corrected'; readonly difference: bigint }
  | ({ readonly step: 'failed' } & Failed);

/**
 * A call for the person who pays for it, from what is recorded: each factor, the one rounding, corrections. The lines add up to what it cost.
 * Who served it, what that cost and what went wrong there is none of their business, and in none of the lines.
 */
export function toldCall(steps: readonly Step[], budgets: readonly CallBudget[]): readonly ToldLine[] {
  const hasBudgets = budgets.length > 0;
  const lines = steps.flatMap((step) => {
    if (step.step === 'failed') return [told(`failed_${step.stage}`, failureWords(step, hasBudgets), ZERO)];
    if (step.step === 'corrected') return [told('correction', CORRECTION, fromInteger(step.difference))];
    return toldCharge(step);
  });
  return [...lines, ...budgets.map(toldBudget)];
}

function toldCharge(step: ChargeStep): readonly ToldLine[] {
  if (step.rounding === 'free')
    return [told('free', step.step === 'abandoned' ? NOTHING_DELIVERED : FREE, ZERO)];
  const factors = step.lines.map((line) => told(line.kind, factorText(line, step), exactDecimal(line.exact)));
  const rounded = add(fromInteger(step.quota), negate(exactDecimal(step.exact_quota)));
  if (rounded.unscaled === 0n) return factors;
  return [...factors, told('rounding', step.rounding === 'minimum-of-one' ? MINIMUM : ROUNDED, rounded)];
}

/** `1,024 input tokens × 1 × model ratio 2.5 × group ratio 1` */
function factorText({ kind, model, count, ratio }: ChargeLine, { price }: ChargeStep): ToldText {
  const words = chargeWords[kind];
  const of = model === undefined ? { zh: '', en: '' } : { zh: `（${model}）`, en: ` of ${model}` };
  const amount = count.toLocaleString('en-US');
  const unit = words.isToken ? ratio : `$${ratio}`;
  // Of a part with rates of its own they are in the line's amount.
  const own = words.isToken && model === undefined;
  const tier = price.service_tier_ratio;
  const factors = own
    ? [
        { zh: `模型倍率 ${price.model_ratio}`, en: `model ratio ${price.model_ratio}` },
        ...(tier === undefined ? [] : [{ zh: `服务等级 ${tier}`, en: `service tier ${tier}` }]),
      ]
    : [];
  const all = model === undefined ? [...factors, groupWords(price)] : factors;
  return {
    zh: [`${amount} ${words.zh}${of.zh} × ${unit}`, ...all.map(({ zh }) => zh)].join(' × '),
    en: [`${amount} ${words.en}${of.en} × ${unit}`, ...all.map(({ en }) => en)].join(' × '),
  };
}

const groupWords = ({ group_ratio }: ChargeStep['price']): ToldText => ({
  zh: `分组倍率 ${group_ratio}`,
  en: `group ratio ${group_ratio}`,
});

/** What the call counts in beside the balance: it moves nothing. */
function toldBudget({ of, quota, period, period_name, timezone }: CallBudget): ToldLine {
  const [whose, often, usd] = [BUDGETS[of], PERIODS[period], `$${usdOfQuota(quota)}`];
  return told(
    'budget',
    {
      zh: `计入${whose.zh}${often.zh}预算 ${usd}（${period_name}，${timezone}）`,
      en: `Held against the budget of the ${whose.en}: ${usd} a ${often.en} (${period_name}, ${timezone})`,
    },
    ZERO,
  );
}

const BUDGETS = { member: { zh: '成员的', en: 'member' }, key: { zh: '密钥的', en: 'key' } };
const PERIODS = {
  day: { zh: '每日', en: 'day' },
  week: { zh: '每周', en: 'week' },
  month: { zh: '每月', en: 'month' },
};

interface Amount {
  /** Decimal text. */
  readonly amount_usd: string;
  readonly quota: bigint;
}

/** A payment: what it brought, and what of it was given back. They add up to what is left of it. */
export function toldPayment(credit: Amount, refunds: readonly Amount[]): readonly ToldLine[] {
  const dollars = (amount: string) => `$${amount}`;
  return [
    told(
      'credit',
      { zh: `充值 ${dollars(credit.amount_usd)}`, en: `Top-up of ${dollars(credit.amount_usd)}` },
      fromInteger(credit.quota),
    ),
    ...refunds.map(({ amount_usd, quota }) => {
      // What came to nothing, or was won, is below zero.
      const amount = dollars(amount_usd.replace('-', ''));
      const text =
        quota < 0n
          ? { zh: `退款撤回 ${amount}`, en: `${amount} of a refund came again` }
          : { zh: `退款 ${amount}`, en: `Refund of ${amount}` };
      return told('refund', text, fromInteger(-quota));
    }),
  ];
}

export function toldAdjustment(quota: bigint): readonly ToldLine[] {
  const usd = quota < 0n ? `-$${usdOfQuota(-quota)}` : `$${usdOfQuota(quota)}`;
  return [
    told(
      'adjustment',
      { zh: `余额调整 ${usd}`, en: `Adjustment of the balance by ${usd}` },
      fromInteger(quota),
    ),
  ];
}

/** What was given, and what of it ended or was taken back. They add up to what of it stayed. */
export const toldGrant = (steps: readonly { readonly quota: bigint }[]): readonly ToldLine[] =>
  steps.map(({ quota }) => {
    const usd = `$${usdOfQuota(quota < 0n ? -quota : quota)}`;
    const text =
      quota > 0n
        ? { zh: `赠送 ${usd}`, en: `Grant of ${usd}` }
        : { zh: `到期或收回 ${usd}`, en: `${usd} of it ended` };
    return told('grant', text, fromInteger(quota));
  });

/** What the lines add up to, decimal text. */
export const sumOf = (lines: readonly ToldLine[]): string =>
  formatDecimal(lines.reduce((sum, { quota }) => add(sum, exactDecimal(quota)), ZERO));

const told = (kind: string, text: ToldText, quota: Decimal): ToldLine => ({
  kind,
  text,
  quota: formatDecimal(quota),
});

const CORRECTION = { zh: '费用更正', en: 'Correction of the charge' };
const FREE = { zh: '免费', en: 'Free of charge' };
const NOTHING_DELIVERED = { zh: '没有输出任何内容，不收费', en: 'Nothing was delivered, nothing is charged' };
const ROUNDED = { zh: '四舍五入', en: 'Rounded to whole quota, half away from zero' };
const MINIMUM = { zh: '不足 1 quota 按 1 计', en: 'Less than 1 quota counts as 1' };
