import { beginningOf, WrongFile } from '../tabular/tabular-file.js';
import { alipay } from './alipay.js';
import { generic } from './generic.js';
import type { Layout } from './provider-record.js';
import { stripeActivity } from './stripe-activity.js';
import { stripeBalance } from './stripe-balance.js';
import { stripePayments } from './stripe-payments.js';
import { wechat } from './wechat.js';

export const providerFormats = ['stripe', 'alipay', 'wechat', 'generic'] as const;
export type ProviderFormat = (typeof providerFormats)[number];

/** Bills of these are in Beijing's days wherever the merchant is. */
export const zoneOfFormat: Partial<Readonly<Record<ProviderFormat, string>>> = {
  alipay: 'Asia/Shanghai',
  wechat: 'Asia/Shanghai',
};

/** By a column that only this one has. */
const marks: readonly (readonly [RegExp, ProviderFormat])[] = [
  [/支付宝交易号/, 'alipay'],
  [/微信订单号/, 'wechat'],
  [
    /balance_transaction_id|Amount Refunded|Customer Facing Amount|^\uFEFF?"?id"?,"?Type"?,"?Source"?,/,
    'stripe',
  ],
  [/payment_id/, 'generic'],
];

/** The format of a file by its header. @throws WrongFile when it is none that we know */
export async function detectFormat(path: string): Promise<ProviderFormat> {
  const beginning = await beginningOf(path);
  const found = marks.find(([mark]) => mark.test(beginning));
  if (found) return found[1];
  throw new WrongFile(path, 1, `this is not the header of any of ${providerFormats.join(', ')}`);
}

/** @param timezone of times that carry none */
export function layoutsOf(format: ProviderFormat, timezone: string): readonly Layout[] {
  switch (format) {
    case 'stripe':
      return [stripeBalance(timezone), stripePayments(), stripeActivity()];
    case 'alipay':
      return [alipay(timezone)];
    case 'wechat':
      return [wechat(timezone)];
    case 'generic':
      return [generic(timezone)];
  }
}
