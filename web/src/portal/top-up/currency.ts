import type { Language } from '../../preferences.ts';

const formats = new Map<string, Intl.NumberFormat>();

/**
 * An amount of a currency as people write it: `¥500.00`.
 * @param amount decimal text of the API, which is formatted as its digits stand
 */
export function currencyText(amount: string, currency: string, language: Language): string {
  const key = `${language} ${currency}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-US', {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
    });
    formats.set(key, format);
  }
  return format.format(amount as Intl.StringNumericLiteral);
}

/** `500.00` as `500`, which is how presets are read. */
export const withoutZeros = (amount: string): string => amount.replace(/\.0+$/, '');
