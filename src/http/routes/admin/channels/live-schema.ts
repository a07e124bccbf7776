import { z } from 'zod';
import { keyId } from '../../../../domain/channel/settings.js';
import { text } from '../../../fields.js';
import { channelData, idField } from './schema.js';

const moment = z.int().meta({ description: 'unix seconds' });
const { disabled } = channelData.shape;

const cooldown = {
  failures: z.int().meta({ description: 'in a row' }),
  reason: z.string(),
  until: moment.nullable().meta({
    description: 'unix seconds; past: the next call tries it; null: the failures were let pass so far',
  }),
  back_in_ms: z.int().nullable().meta({ description: '0: the cooldown is over, and the next call tries it' }),
};
const models = z
  .array(z.object({ model: z.string().meta({ description: 'its name upstream' }), ...cooldown }))
  .meta({ description: 'those that failed lately' });
const state = z.enum(['in_use', 'cooling', 'on_trial', 'out_of_use']);

const outcome = {
  key_id: z.string(),
  model: z.string().meta({ description: 'as clients call it' }),
  outcome: z
    .enum(['answered', 'refused', 'failed'])
    .meta({ description: 'refused: upstream works, and complains about the request' }),
  status: z.int().nullable().meta({ description: 'of the answer of upstream; null: there was none' }),
  reason: z.string().nullable(),
  duration_ms: z.int(),
  by: z.string().meta({ description: '`schedule`, or the operator who asked' }),
};

export const liveData = z.object({
  channel_id: z.string(),
  name: z.string(),
  state,
  disabled,
  cooldown: z.object(cooldown).nullable(),
  running_calls: z.int().meta({ description: 'over all processes, about half a second old' }),
  max_concurrency: z.int().nullable(),
  response: z
    .object({
      answered: z.int(),
      failed: z.int(),
      average_ms: z.int().meta({ description: 'to the head of the answer; the latest count most' }),
      last_ms: z.int(),
      last_at: moment,
    })
    .nullable()
    .meta({ description: 'null: it was never called' }),
  lately: z.array(z.object({ answered: z.int(), failed: z.int() })).meta({
    description:
      'how calls ended in the last two hours: 24 times five minutes of the clock, the newest last. What failed went to the next channel where there was one',
  }),
  last_check: z
    .object({ ...outcome, at: moment })
    .nullable()
    .meta({ description: 'of its health, by schedule or by an operator' }),
  balance: z
    .object({
      key_id: z.string(),
      amount: z.number().meta({ description: 'to be shown, and not to be counted with' }),
      currency: z.string(),
      at: moment,
    })
    .nullable()
    .meta({ description: 'what its provider said is left; null: it is not asked, or did not say' }),
  keys: z.array(
    z.object({
      id: z.string(),
      key: z.string().nullable().meta({ description: 'masked' }),
      state,
      disabled,
      cooldown: z.object(cooldown).nullable(),
      models,
    }),
  ),
  models,
});

export const liveList = z.object({ channels: z.array(liveData) });

/** What an upstream serves, as it says. */
export const modelsData = z.object({
  outcome: outcome.outcome,
  status: outcome.status,
  reason: outcome.reason,
  message: z.string().nullable().meta({ description: 'what was wrong, in our own words' }),
  models: z.array(z.string()).meta({ description: 'names there, at most 1,000' }),
  more: z.boolean().meta({ description: 'there are more than these' }),
});

export const testInput = z.object({
  channel_id: idField,
  key_id: keyId.meta({ description: 'absent: the first in use' }).optional(),
  model: text(1, 200)
    .meta({ description: 'absent: the test model, else the first that is listed by its name' })
    .optional(),
});

export const testData = z.object({
  channel_id: z.string(),
  ...outcome,
  message: z.string().nullable().meta({ description: 'what was wrong, in our own words' }),
});
