import { z } from 'zod';
import { minorOfText } from '../money/currency.js';
import { compare, decimal, parseDecimal, ZERO } from '../money/decimal.js';
import { currencyField } from '../stored/fields.js';

/** An amount of a currency in its units, as decimal text: `50`, `0.30`. */
const amount = z.string().regex(/^\d{1,12}(\.\d{1,3})?$/);
/** A part of a whole as decimal text: `0.05`. */
const part = z.string().regex(/^0(\.\d{1,6})?$/);

const currencyTerms = z.object({
  /** Units for one dollar. */
  rate: z.string().regex(/^\d{1,9}(\.\d{1,8})?$/),
  /** What is offered. */
  presets: z.array(amount).max(20),
  min: amount,
  max: amount,
  /** From so much on, so large a part of the price is let off, and so large a part of the credit is given beside it. */
  tiers: z.array(z.object({ from: amount, discount: part, bonus: part.optional() })).max(20),
  /** What is added to the price for the provider's; null: nothing, so that the operator bears it. */
  fee: z.object({ part, fixed: amount }).nullable(),
});
/** What one may pay in a currency, and what for. */
export type CurrencyTerms = z.infer<typeof currencyTerms>;

const bank = z.object({
  /** What people are told to do: to whom they pay, and what they write on it. */
  instructions: z.string().min(1).max(2_000),
  currencies: z.array(currencyField).min(1).max(20),
});

/** What orders are placed by. */
export const paymentTerms = z.object({
  currencies: z.record(currencyField, currencyTerms),
  /** Whether the amount that somebody names is what they pay or what they are credited. */
  preset_basis: z.enum(['pay', 'credit']),
  /** Orders of a user that may be open at once. */
  open_most: z.int().min(1).max(100),
  /** Orders that a user may place in an hour. */
  hourly_most: z.int().min(1).max(1_000),
  /** Transfers that an operator sees on the account; null: none are offered. */
  bank: bank.nullable(),
  /** What a dispute does beside taking the quota back: calls are refused (`suspend`, also where nothing is said), or nothing (`debt`). */
  disputes: z.enum(['suspend', 'debt']).optional(),
});
export type PaymentTerms = z.infer<typeof paymentTerms>;

/** The same as an operator must write them. */
export const paymentTermsInput = z
  .strictObject({
    currencies: z
      .record(
        currencyField,
        currencyTerms
          .extend({
            tiers: z
              .array(z.strictObject({ from: amount, discount: part.default('0'), bonus: part.optional() }))
              .max(20),
            fee: z.strictObject({ part, fixed: amount }).nullable(),
          })
          .strict(),
      )
      .refine((terms) => Object.keys(terms).length <= 20, 'at most 20 currencies'),
    preset_basis: paymentTerms.shape.preset_basis,
    open_most: paymentTerms.shape.open_most,
    hourly_most: paymentTerms.shape.hourly_most,
    bank: bank.strict().nullable(),
    disputes: paymentTerms.shape.disputes,
  })
  .superRefine(({ currencies, bank: transfers }, context) => {
    const complain = (path: Fault['path'], { zh, en }: Omit<Fault, 'path'>) =>
      context.addIssue({
        code: 'custom',
        message: en,
        path: [...path],
        params: { rule: 'type', text: { zh, en } },
      });
    for (const [currency, terms] of Object.entries(currencies))
      for (const { path, ...said } of faultsOf(currency, terms))
        complain(['currencies', currency, ...path], said);
    for (const [index, currency] of (transfers?.currencies ?? []).entries())
      if (!Object.hasOwn(currencies, currency))
        complain(['bank', 'currencies', index], {
          zh: `${currency} 没有设置汇率和限额`,
          en: `${currency} has no rate and limits`,
        });
  });

/** What is wrong, and where. */
interface Fault {
  readonly path: readonly (string | number)[];
  readonly zh: string;
  readonly en: string;
}

function faultsOf(currency: string, { rate, presets, min, max, tiers, fee }: CurrencyTerms): Fault[] {
  const amounts: readonly (readonly [path: Fault['path'], amount: string])[] = [
    [['min'], min],
    [['max'], max],
    ...presets.map((preset, index) => [['presets', index], preset] as const),
    ...tiers.map(({ from }, index) => [['tiers', index, 'from'], from] as const),
    ...(fee ? [[['fee', 'fixed'], fee.fixed] as const] : []),
  ];
  const odd = amounts.filter(([, each]) => minorOfText(each, currency) === undefined);
  if (odd.length > 0)
    return odd.map(([path, each]) => ({
      path,
      zh: `${each} 的小数位多于该币种`,
      en: `${each} has more decimal places than the currency`,
    }));
  const isLess = (a: string, b: string) => compare(decimal(a), decimal(b)) < 0;
  const faults: Fault[] = [];
  if (compare(parseDecimal(rate) ?? ZERO, ZERO) === 0)
    faults.push({ path: ['rate'], zh: '汇率不得为零', en: 'the rate is zero' });
  if (compare(decimal(min), ZERO) === 0)
    faults.push({ path: ['min'], zh: '不得为零', en: 'must not be zero' });
  if (isLess(max, min)) faults.push({ path: ['max'], zh: '低于单笔最低', en: 'is below the least' });
  for (const [index, preset] of presets.entries())
    if (isLess(preset, min) || isLess(max, preset))
      faults.push({
        path: ['presets', index],
        zh: `预设 ${preset} 不在最低与最高之间`,
        en: `the preset ${preset} is outside of min and max`,
      });
  return faults;
}

/** In force until an operator says anything else. */
export const firstPaymentTerms: PaymentTerms = {
  currencies: {
    CNY: {
      rate: '7.10',
      presets: ['50', '100', '150', '200', '300', '500', '1000'],
      min: '1',
      max: '50000',
      tiers: [],
      fee: null,
    },
  },
  preset_basis: 'pay',
  open_most: 3,
  hourly_most: 10,
  bank: null,
  disputes: 'suspend',
};

/** The same where nothing can be given. */
export const withoutBonus = (terms: PaymentTerms): PaymentTerms => ({
  ...terms,
  currencies: Object.fromEntries(
    Object.entries(terms.currencies).map(([currency, offered]) => [
      currency,
      { ...offered, tiers: offered.tiers.map(({ from, discount }) => ({ from, discount })) },
    ]),
  ),
});
