import { objectOf } from './json.ts';
import type { Price } from './price-queries.ts';

const wholes = ['max_output_tokens', 'context_window'] as const;

/** What the form has a field for, in its order; decimals are texts. */
export const namedFields = [
  'model_ratio',
  'completion_ratio',
  'cache_ratio',
  'cache_write_ratio',
  'per_call_usd',
  ...wholes,
] as const;
export type NamedField = (typeof namedFields)[number];

const known: ReadonlySet<string> = new Set(['model', ...namedFields]);

/** What a model has beyond the fields of the form. */
export const furtherOf = (price: Price | undefined): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(price ?? {}).filter(([name]) => !known.has(name)));

/** A form that was filled in. */
export interface Filled {
  readonly model: string;
  readonly values: Readonly<Partial<Record<NamedField, string>>>;
  /** The rest, as a JSON object. */
  readonly further: string;
}

/** The price that a form says, as it stands: whether it is one, the API says. */
export function priceOf({ model, values, further }: Filled): Price {
  const filled = namedFields.flatMap((field): readonly (readonly [string, unknown])[] => {
    const text = values[field]?.trim() ?? '';
    if (text === '') return [];
    const isWhole = (wholes as readonly string[]).includes(field) && /^\d+$/.test(text);
    return [[field, isWhole ? Number(text) : text]];
  });
  return { model: model.trim(), ...Object.fromEntries(filled), ...objectOf(further) };
}
