import { type Decimal, parseDecimal, powerOfTen } from './decimal.js';

// ISO 4217: every other currency has two places. Never "times a hundred".
const WITHOUT_PLACES = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const THREE_PLACES = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');

const places: ReadonlyMap<string, number> = new Map([
  ...WITHOUT_PLACES.map((currency) => [currency, 0] as const),
  ...THREE_PLACES.map((currency) => [currency, 3] as const),
]);

/** How many decimal places amounts of a currency have. @param currency of ISO 4217, `CNY` */
export const placesOf = (currency: string): number => places.get(currency) ?? 2;

/** The whole number of minor units that an amount is: 12.5 CNY is 1250n. Undefined where it has more places than its currency. */
export function minorOf({ unscaled, scale }: Decimal, currency: string): bigint | undefined {
  const more = placesOf(currency) - scale;
  return more < 0 ? undefined : unscaled * powerOfTen(more);
}

/** As `minorOf`, of decimal text; undefined where that is none. */
export function minorOfText(text: string, currency: string): bigint | undefined {
  const amount = parseDecimal(text);
  return amount && minorOf(amount, currency);
}

/** Minor units as text with all places of the currency: 1250n CNY is `12.50`, 1250n JPY `1250`. */
export function amountText(minor: bigint, currency: string): string {
  const count = placesOf(currency);
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(count + 1, '0');
  return count === 0 ? sign + digits : `${sign}${digits.slice(0, -count)}.${digits.slice(-count)}`;
}
