import type { PaymentTerms } from './setting-values.ts';

/** What is typed of a currency: texts, until they are sent. */
export interface CurrencyDraft {
  readonly currency: string;
  readonly rate: string;
  readonly min: string;
  readonly max: string;
  /** `50, 100, 200`. */
  readonly presets: string;
  readonly tiers: readonly TierDraft[];
  readonly feePercent: string;
  readonly feeFixed: string;
}

export interface TierDraft {
  readonly from: string;
  /** In per cent. */
  readonly discount: string;
  readonly bonus: string;
}

export interface PaymentsDraft {
  readonly currencies: readonly CurrencyDraft[];
  readonly preset_basis: string;
  readonly open_most: string;
  readonly hourly_most: string;
  readonly instructions: string;
  readonly bankCurrencies: string;
  readonly disputes: string;
}

const PERCENT_PLACES = 2;

/** `0.05` is `5`, exactly; what is no decimal is left as it is, so that the API says so. */
export const percentOf = (part: string): string => shifted(part, PERCENT_PLACES);
export const partOf = (percent: string): string => shifted(percent, -PERCENT_PLACES);

/** The decimal point moved to the right. */
function shifted(text: string, places: number): string {
  const found = /^(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!found) return text.trim();
  const [, whole = '', fraction = ''] = found;
  const digits = whole.padStart(whole.length + Math.max(0, -places), '0') + fraction.padEnd(places, '0');
  const point = digits.length - Math.max(0, fraction.length - places);
  const before = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  const after = digits.slice(point).replace(/0+$/, '');
  return after === '' ? before : `${before}.${after}`;
}

export const listOf = (text: string): readonly string[] =>
  text
    .split(/[\s,，、]+/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

export const NEW_CURRENCY: CurrencyDraft = {
  ...{ currency: '', rate: '1', min: '1', max: '50000', presets: '50, 100, 200, 500', tiers: [] },
  ...{ feePercent: '', feeFixed: '' },
};

export function paymentsDraftOf(value: unknown): PaymentsDraft {
  const { currencies, bank, ...terms } = value as PaymentTerms;
  return {
    currencies: Object.entries(currencies).map(([currency, { presets, tiers, fee, ...of }]) => ({
      ...{ currency, ...of, presets: presets.join(', ') },
      tiers: tiers.map(({ from, discount, bonus }) => ({
        from,
        discount: percentOf(discount),
        bonus: percentOf(bonus ?? '0'),
      })),
      ...{ feePercent: fee ? percentOf(fee.part) : '', feeFixed: fee?.fixed ?? '' },
    })),
    preset_basis: terms.preset_basis,
    open_most: String(terms.open_most),
    hourly_most: String(terms.hourly_most),
    instructions: bank?.instructions ?? '',
    bankCurrencies: bank?.currencies.join(', ') ?? '',
    disputes: terms.disputes ?? 'suspend',
  };
}

/** What is no whole number is sent as it was typed, and refused by the API beside its field. */
const figureOf = (text: string): number | string => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : text);

/** Empty fields of a fee and of transfers are none. */
export function paymentsOf({ currencies, instructions, bankCurrencies, ...terms }: PaymentsDraft): object {
  const hasBank = instructions.trim() !== '' || bankCurrencies.trim() !== '';
  return {
    currencies: Object.fromEntries(
      currencies.map(({ currency, rate, min, max, presets, tiers, feePercent, feeFixed }) => [
        currency.trim(),
        {
          ...{ rate: rate.trim(), min: min.trim(), max: max.trim(), presets: listOf(presets) },
          tiers: tiers.map(tierOf),
          fee:
            feePercent.trim() === '' && feeFixed.trim() === ''
              ? null
              : { part: partOf(feePercent || '0'), fixed: feeFixed.trim() || '0' },
        },
      ]),
    ),
    preset_basis: terms.preset_basis,
    open_most: figureOf(terms.open_most),
    hourly_most: figureOf(terms.hourly_most),
    bank: hasBank ? { instructions: instructions.trim(), currencies: listOf(bankCurrencies) } : null,
    disputes: terms.disputes,
  };
}

/** No bonus is not written: a process that knows of none reads the setting all the same. */
function tierOf({ from, discount, bonus }: TierDraft): object {
  const given = partOf(bonus || '0');
  return {
    from: from.trim(),
    discount: partOf(discount || '0'),
    ...(given !== '0' && { bonus: given }),
  };
}

/** Two currencies of one name would be one. */
export const hasTwice = ({ currencies }: PaymentsDraft): boolean =>
  new Set(currencies.map(({ currency }) => currency.trim())).size < currencies.length;
