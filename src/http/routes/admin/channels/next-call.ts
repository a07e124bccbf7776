import { z } from 'zod';
import { convertibleProtocols } from '../../../../domain/channel/conversion.js';
import type { NextCall, Turn } from '../../../../relay/next-call.js';
import { type BoundEndpoint, endpoint } from '../../../endpoint.js';
import { text } from '../../../fields.js';

const turnData = z.object({
  channel_id: z.string(),
  name: z.string(),
  state: z.enum(['in_use', 'on_trial', 'cooling', 'full']).meta({
    description:
      'on_trial: one call tries it; cooling: asked when all before have failed; full: as many calls run as may',
  }),
  back_in_ms: z.int().nullable().meta({ description: 'where it is cooling' }),
  priority: z.int(),
  weight: z.int(),
  by_wildcard: z
    .boolean()
    .meta({ description: 'it comes after those that name the model, whatever its priority' }),
  converted: z
    .boolean()
    .meta({ description: 'the call is converted for it: it comes after its equals that take it as it is' }),
  share_percent: z
    .number()
    .nullable()
    .meta({ description: 'of new calls that come to it first; null: it waits until those before it fail' }),
});

const data = z.object({
  refusal: z.enum(['no_group', 'no_price', 'no_channel', 'no_protocol']).nullable().meta({
    description:
      'why such calls are refused before any channel is asked; no_protocol: no channel that serves the model is spoken to in it',
  }),
  channels: z.array(turnData).meta({ description: 'in the order in which a call comes to them' }),
});

const input = z.object({
  model: text(1, 200).meta({ description: 'as clients call it' }),
  group: text(1, 64).default('default'),
  protocol: z.enum(convertibleProtocols).default('chat').meta({ description: 'in which clients ask' }),
});

/** Who gets the next call of a model in a group, as the relay chooses. */
export const nextCallEndpoint: BoundEndpoint = endpoint({
  method: 'get',
  area: 'admin',
  path: '/next-call',
  access: 'channels:read',
  operationId: 'adminShowNextCall',
  summary: 'Who gets the next call',
  description:
    'Which channels a call comes to, in their order, and what part of new calls comes to each first: what the relay itself chooses by, with what cools down now. Calls of one conversation stay with one channel; bounds of calls a minute are not looked at.',
  input,
  data,
  refusals: [],
  example: {
    data: {
      refusal: null,
      channels: [
        {
          channel_id: 'openai-main',
          name: 'OpenAI',
          state: 'in_use',
          back_in_ms: null,
          priority: 10,
          weight: 3,
          by_wildcard: false,
          converted: false,
          share_percent: 75,
        },
      ],
    },
  },
  handle: async (asked, { admin }) => ({ data: present(await admin.nextCall(asked)) }),
});

function present(found: NextCall): z.output<typeof data> {
  return found.kind === 'refused'
    ? { refusal: found.why, channels: [] }
    : { refusal: null, channels: found.turns.map(presentTurn) };
}

const STATES = { open: 'in_use', probe: 'on_trial', cooling: 'cooling', full: 'full' } as const;

function presentTurn({ channel, servedAs, standing, share }: Turn): z.output<typeof turnData> {
  const { channelId, settings, isConverted } = channel;
  return {
    channel_id: channelId,
    name: settings.name,
    state: STATES[standing.kind],
    back_in_ms: standing.kind === 'cooling' ? Math.round(standing.backInMs) : null,
    priority: settings.priority,
    weight: settings.weight,
    by_wildcard: servedAs === 'wildcard',
    converted: isConverted ?? false,
    share_percent: share === undefined ? null : Math.round(1_000 * share) / 10,
  };
}
