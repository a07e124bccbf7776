import type { Options } from './top-up-queries.ts';

export const CUSTOM = 'custom';
/** Of the presets the one that is chosen first: neither the least nor the most. */
const FIRST_PRESET = 1;

export type Currency = Options['currencies'][number];

export interface Draft {
  readonly currency: string;
  /** Of a preset, or CUSTOM. */
  readonly amount: string;
  readonly custom: string;
  readonly method: string | undefined;
}

/** What is chosen at first, of a currency where one is wanted. */
export function firstDraft({ currencies }: Options, wanted?: string): Draft {
  const found = currencies.find(({ currency }) => currency === wanted) ?? currencies[0];
  const preset = found?.presets[FIRST_PRESET] ?? found?.presets[0];
  return {
    currency: found?.currency ?? '',
    amount: preset?.amount ?? CUSTOM,
    custom: '',
    method: undefined,
  };
}
