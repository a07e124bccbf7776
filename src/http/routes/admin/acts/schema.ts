import { z } from 'zod';
import type { Change } from '../../../../books/audit/history.js';
import { catalogue } from '../../../../domain/events/catalogue.js';
import type { ActPlace } from '../../../../projections/act/query.js';
import { text } from '../../../fields.js';
import { endOfDay, startOfDay } from '../../../ledger-days.js';
import { dayField } from '../../../usage/range.js';
import { seconds } from '../paging.js';

/** Of one act; the export has all. */
const MOST_CHANGES = 20;

export interface ToldAct extends ActPlace {
  readonly change: Change;
}

export const filterInput = {
  actor: text(1, 40)
    .meta({
      description: 'who: `operator:<name>`, `cli`, or `setup` for the link of the first start',
      examples: ['operator:alice'],
    })
    .optional(),
  type: z
    .enum(Object.keys(catalogue) as [string])
    .meta({ description: 'what: the event, without its version', examples: ['price-list-published'] })
    .optional(),
  stream: text(1, 200).meta({ description: 'of one thing: its stream' }).optional(),
  from: dayField.meta({ description: "the first day, in the ledger's time zone" }).optional(),
  to: dayField.meta({ description: 'the last day, included' }).optional(),
};
type Filter = z.output<z.ZodObject<typeof filterInput>>;

export const filterOf = ({ actor, type, stream, from, to }: Filter, timezone: string) => ({
  actor,
  type,
  stream,
  from: startOfDay(from, timezone),
  until: endOfDay(to, timezone),
});

export const act = z
  .object({
    id: z.int().meta({ description: 'its place in the log' }),
    at: z.int().meta({ description: 'unix seconds' }),
    actor: z.string(),
    type: z.string(),
    stream: z.string(),
    changes: z
      .array(z.object({ fact: z.string(), before: z.string().nullable(), after: z.string().nullable() }))
      .meta({ description: `the first ${MOST_CHANGES}; null: it was not there. What is sealed is not told` }),
    more_changes: z.int().meta({ description: 'further ones, which the export has' }),
    reason: z.string().nullable(),
    request_id: z.string().nullable(),
  })
  .meta({ id: 'Act' });

/** Fact by fact, what it was and is. */
export const changesOf = ({ before, after }: Change) =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].map((fact) => ({
    fact,
    before: before[fact] ?? null,
    after: after[fact] ?? null,
  }));

export function presentAct({ position, recordedAt, actor, type, stream, change }: ToldAct) {
  const changes = changesOf(change);
  return {
    id: Number(position),
    at: seconds(recordedAt),
    actor,
    type,
    stream,
    changes: changes.slice(0, MOST_CHANGES),
    more_changes: Math.max(0, changes.length - MOST_CHANGES),
    reason: change.reason,
    request_id: change.request_id,
  };
}

export const exampleAct = {
  id: 812,
  at: 1795219200,
  actor: 'operator:root',
  type: 'operator-role-changed',
  stream: 'operator-ann',
  changes: [{ fact: 'role', before: 'auditor', after: 'finance' }],
  more_changes: 0,
  reason: null,
  request_id: '8e0d6f4c',
};
