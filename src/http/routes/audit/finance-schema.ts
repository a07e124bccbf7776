import { z } from 'zod';
import { journalFormats } from '../../../books/export/export-journal.js';
import { providerFormats } from '../../../books/reconcile/psp/formats.js';
import { text } from '../../fields.js';

const DAY = { examples: ['2026-11-30', '2026-11-30T12:00+08:00'] };
const firstDay = text(1, 40).meta({ ...DAY, description: 'first day, or time' });
const lastDay = text(1, 40).meta({ ...DAY, description: 'last day (inclusive), or time (exclusive)' });

/** A parameter that may be given several times. */
const several = (description: string) =>
  z
    .union([text(1, 200), z.array(text(1, 200)).max(100)])
    .optional()
    .transform((value) => (value === undefined ? [] : typeof value === 'string' ? [value] : value))
    .meta({ type: 'array', items: { type: 'string' }, description: `${description}; may be repeated` });

export const exportInput = z.object({
  format: z.enum(journalFormatsOf()).default('hledger'),
  from: firstDay.optional(),
  to: lastDay.optional(),
});

function journalFormatsOf() {
  return Object.keys(journalFormats) as [keyof typeof journalFormats, ...(keyof typeof journalFormats)[]];
}

const common = {
  file: z
    .string()
    .regex(/^[\w][\w.-]{0,99}$/)
    .default('upload.csv')
    .meta({ description: 'name of the file, as the report tells it' }),
  from: firstDay,
  to: lastDay,
  tz: text(1, 60).optional().meta({ description: "of these days and of the file's times" }),
  report: z.enum(['table', 'csv', 'json']).default('json'),
};

export const providerInput = z.object({
  ...common,
  format: z.enum(providerFormats).optional().meta({ description: "by the file's header when absent" }),
  rate: several('USD for one unit of a currency, as CNY=0.1389'),
  tolerance: text(1, 40).optional().meta({ description: 'USD by which converted amounts may differ' }),
  prefix: several("beginning of this provider's payment ids in the ledger"),
  id_column: text(1, 100).optional().meta({ description: "a column that has the ledger's payment id" }),
});

export const upstreamInput = z.object({
  ...common,
  by_day: z.enum(['true', 'false']).default('false').meta({ description: 'by day and model' }),
  by_channel: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'the totals, and so the margin, by channel and model' }),
  channel: several('a channel whose calls it billed'),
  model: several('a model that has another name there, as theirs=ours'),
});
