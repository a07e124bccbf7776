import { z } from 'zod';
import { journalFormats } from '../../../../books/export/export-journal.js';
import { providerFormats } from '../../../../books/reconcile/psp/formats.js';
import { jobStates, jobTypes } from '../../../../jobs/job.js';
import { text } from '../../../fields.js';
import { pageInput } from '../paging.js';

const texts = (description: string) => z.array(text(1, 200)).max(100).meta({ description }).optional();
const formats = Object.keys(journalFormats) as [keyof typeof journalFormats];

/** One object for all types: which members belong to which, the description says, and what is missing is refused by name. */
export const startInput = z.object({
  type: z.enum(jobTypes),
  projection: text(1, 100).meta({ description: 'rebuild: a read model, or `all`' }).optional(),
  mode: z
    .enum(['compare', 'swap', 'accept'])
    .meta({
      description:
        'rebuild: `compare` throws the new tables away, `swap` takes them where they are equal, `accept` also where they differ',
    })
    .optional(),
  format: z.enum(formats).meta({ description: 'export; default: hledger' }).optional(),
  against: z
    .enum(['psp', 'upstream'])
    .meta({ description: "reconcile: a payment provider's file, or what an upstream billed" })
    .optional(),
  files: z
    .array(z.uuid())
    .min(1)
    .max(5)
    .meta({ description: 'reconcile: uploaded before; of an upstream usage and cost may be two' })
    .optional(),
  from: text(1, 40).meta({ description: 'export, reconcile: first day, or time' }).optional(),
  to: text(1, 40)
    .meta({ description: 'export, reconcile: last day (inclusive), or time (exclusive)' })
    .optional(),
  tz: text(1, 60).meta({ description: "reconcile: of these days and of the file's times" }).optional(),
  report: z.enum(['csv', 'json', 'table']).meta({ description: 'reconcile; default: csv' }).optional(),
  provider: z
    .enum(providerFormats)
    .meta({ description: "reconcile, psp: by the file's header when absent" })
    .optional(),
  rate: texts('reconcile, psp: USD for one unit of a currency, as CNY=0.1389'),
  tolerance: text(1, 40)
    .meta({ description: 'reconcile, psp: USD by which converted amounts may differ' })
    .optional(),
  prefix: texts("reconcile, psp: beginning of this provider's payment ids in the ledger"),
  id_column: text(1, 100)
    .meta({ description: "reconcile, psp: a column that has the ledger's payment id" })
    .optional(),
  channel: texts('reconcile, upstream: a channel whose calls it billed'),
  model: texts('reconcile, upstream: a model that has another name there, as theirs=ours'),
  by_day: z.boolean().meta({ description: 'reconcile, upstream: by day and model' }).optional(),
  by_channel: z
    .boolean()
    .meta({ description: 'reconcile, upstream: totals by channel and model' })
    .optional(),
});

const moment = z.int().meta({ description: 'unix seconds' });
const file = z.object({ name: z.string(), media_type: z.string(), bytes: z.int() });

export const jobData = z
  .object({
    id: z.string(),
    type: z.enum(jobTypes),
    input: z.record(z.string(), z.unknown()).meta({ description: 'as it was asked for' }),
    started_by: z.string(),
    state: z.enum(jobStates).meta({ description: '`interrupted`: the process that did it ended, or died' }),
    cancel_requested: z.boolean(),
    progress: z.object({
      done: z.string().meta({ description: 'places of the log, events or entries, as the job counts' }),
      total: z.string().nullable().meta({ description: 'null: it is not known' }),
    }),
    outcome: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: '`clean`: all is as it should be; the rest depends on the type' }),
    fault: z.string().nullable().meta({ description: 'why it failed' }),
    created_at: moment,
    ended_at: moment.nullable(),
    result: file.nullable().meta({ description: 'what it made, at `/result`' }),
  })
  .meta({ id: 'Job' });

export const choicesData = z.object({
  projections: z.array(z.string()).meta({ description: 'read models that can be made anew' }),
  backups: z
    .object({ encrypted: z.boolean() })
    .nullable()
    .meta({ description: 'null: no folder is named for them' }),
});

export const listInput = z.object({
  type: z.enum(jobTypes).optional(),
  state: z.enum(jobStates).optional(),
  before: z.uuid().meta({ description: '`next` of the page before' }).optional(),
  limit: pageInput.limit,
});

export const uploadInput = z.object({
  file: z
    .string()
    .regex(/^[\w][\w.-]{0,99}$/)
    .default('upload.csv')
    .meta({ description: 'name of the file, as the report tells it' }),
});

export const uploadData = z.object({
  file_id: z.string().meta({ description: 'for `files` of a job, within a day' }),
  ...file.shape,
  provider: z
    .enum(providerFormats)
    .nullable()
    .meta({ description: "by its header; null: no payment provider's" }),
  upstream: z.string().nullable().meta({ description: 'its layout; null: nothing that an upstream billed' }),
  rows: z.array(z.array(z.string())).meta({ description: 'the first 20, as they are in the file' }),
});

export const exampleJob = {
  id: '0199b1c2-7d3e-7c4a-9d55-5a0c3c1f0b11',
  type: 'verify',
  input: {},
  started_by: 'operator:alice',
  state: 'finished',
  cancel_requested: false,
  progress: { done: '1284', total: '1284' },
  outcome: { clean: true, drift: 0, position: '1284', head: '1284', behind: 0, events: 1285, accounts: 3 },
  fault: null,
  created_at: 1795219200,
  ended_at: 1795219203,
  result: { name: 'verify-1284.json', media_type: 'application/json; charset=utf-8', bytes: 5120 },
};
