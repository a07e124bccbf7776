import { z } from 'zod';
import type { EventView } from '../../../books/audit/events.js';
import { cursorInput } from '../../cursor.js';
import { endpoint, type BoundEndpoint } from '../../endpoint.js';
import { type FieldError, invalidRequest } from '../../failure.js';
import { externalUserIdField, text } from '../../fields.js';
import { asked, failureRows } from './failures.js';
import { place } from './shapes.js';

const event = z
  .object({
    ...place,
    type: z.string(),
    by: z.string(),
    request_id: z.string().nullable(),
    facts: z.record(z.string(), z.string()).meta({ description: 'by name; what is sealed is not told' }),
  })
  .meta({ id: 'Event' });

const ONE: FieldError = {
  field: 'stream',
  rule: 'required',
  text: { zh: '与 external_user_id 二选一', en: 'or external_user_id is needed, and only one of them' },
};

const events = endpoint({
  method: 'get',
  area: 'audit',
  access: 'audit',
  path: '/events',
  operationId: 'auditEvents',
  summary: 'Show the events of a stream, or of a user',
  description:
    'As they are in the log, the newest first. Of a user: the account, its sign-ins, its keys and all that moved its balance.',
  input: z.object({
    stream: text(1, 200).optional(),
    external_user_id: externalUserIdField.optional(),
    ...cursorInput,
  }),
  data: z.object({
    events: z.array(event),
    next_cursor: z.string().nullable().meta({ description: 'null: there are no more' }),
  }),
  refusals: [],
  failures: failureRows('account_not_found', 'figure_not_found'),
  example: {
    data: {
      events: [
        {
          position: 812,
          stream: 'operator-ann',
          revision: 3,
          event_id: '0f0e8a3c-6a5f-4c0f-9d6e-1b3f3f6f1a01',
          recorded_at: '2026-11-21T09:00:00.000Z',
          type: 'operator-role-changed.v1',
          by: 'operator:root',
          request_id: '8e0d6f4c',
          facts: { name: 'ann', role: 'finance', by: 'operator:root' },
        },
      ],
      next_cursor: null,
    },
  },
  handle: async ({ stream, external_user_id: externalUserId, cursor, limit }, { audit }) => {
    if ((stream === undefined) === (externalUserId === undefined)) throw invalidRequest([ONE]);
    const of = stream === undefined ? { externalUserId: externalUserId ?? '' } : { stream };
    const { data } = await asked(audit.events(of, { before: cursor, limit: limit + 1 }));
    const shown: readonly EventView[] = data.slice(0, limit);
    return {
      data: {
        events: shown,
        next_cursor: data.length > limit ? (shown.at(-1)?.position.toString() ?? null) : null,
      },
    };
  },
});

export const eventEndpoints: readonly BoundEndpoint[] = [events];
