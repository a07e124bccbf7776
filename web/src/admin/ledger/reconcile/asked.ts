export type Against = 'psp' | 'upstream';
export const formats = ['stripe', 'alipay', 'wechat', 'generic'] as const;
export const words = [
  'from',
  'to',
  'tz',
  'rate',
  'tolerance',
  'prefix',
  'id_column',
  'channel',
  'model',
] as const;
export type Word = (typeof words)[number];

/** As it was typed. */
export type Filled = Readonly<Record<Word | 'provider', string>> & {
  readonly by_day: boolean;
  readonly by_channel: boolean;
};
export const EMPTY: Filled = {
  from: '',
  to: '',
  tz: '',
  rate: '',
  tolerance: '',
  prefix: '',
  id_column: '',
  channel: '',
  model: '',
  provider: '',
  by_day: false,
  by_channel: false,
};

const many = (text: string): string[] | undefined => {
  const found = text
    .split(/[,，\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return found.length > 0 ? found : undefined;
};

/** What the API is asked: only what belongs to the side that is compared, and only what was filled in. */
export function askedOf(file: string, against: Against, filled: Filled) {
  const { from, to, tz, tolerance, id_column, by_day, by_channel } = filled;
  const common = {
    type: 'reconcile' as const,
    against,
    files: [file],
    from: from || undefined,
    to: to || undefined,
    tz: tz || undefined,
  };
  if (against === 'upstream')
    return { ...common, channel: many(filled.channel), model: many(filled.model), by_day, by_channel };
  return {
    ...common,
    provider: formats.find((each) => each === filled.provider),
    tolerance: tolerance || undefined,
    id_column: id_column || undefined,
    rate: many(filled.rate),
    prefix: many(filled.prefix),
  };
}
