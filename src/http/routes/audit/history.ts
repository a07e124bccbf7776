import { z } from 'zod';
import { historyKinds } from '../../../books/audit/history.js';
import { endpoint, type BoundEndpoint } from '../../endpoint.js';
import { text } from '../../fields.js';
import { asked, failureRows } from './failures.js';

const facts = z
  .record(z.string(), z.string())
  .meta({ description: 'facts by name; what is sealed is not told, that it is another box is' });

const change = z
  .object({
    position: z.int(),
    revision: z.int(),
    recorded_at: z.string(),
    event: z.string(),
    by: z.string(),
    request_id: z.string().nullable(),
    reason: z.string().nullable().meta({ description: 'why, where somebody said so' }),
    before: facts,
    after: facts,
  })
  .meta({ id: 'Change' });

const history = endpoint({
  method: 'get',
  area: 'audit',
  access: 'audit',
  path: '/history',
  operationId: 'auditHistory',
  summary: 'Show every change of a thing, with before and after',
  description:
    'Of a user, an access key, a channel, a setting, the price list, an operator or the key of a front end: who changed it, when, what it was and what it is. From the log alone.',
  input: z.object({
    kind: z.enum(historyKinds),
    id: text(1, 100)
      .default('')
      .meta({ description: 'of the thing; a user by `external_user_id`, prices without one' }),
  }),
  data: z.object({ changes: z.array(change) }),
  refusals: [],
  failures: failureRows('account_not_found', 'figure_not_found'),
  example: {
    data: {
      changes: [
        {
          position: 812,
          revision: 3,
          recorded_at: '2026-11-21T09:00:00.000Z',
          event: 'operator-role-changed.v1',
          by: 'operator:root',
          request_id: '8e0d6f4c',
          reason: null,
          before: { role: 'auditor' },
          after: { role: 'finance' },
        },
      ],
    },
  },
  handle: async ({ kind, id }, { audit }) => {
    const { data } = await asked(audit.history(kind, id));
    return { data: { changes: data } };
  },
});

export const historyEndpoints: readonly BoundEndpoint[] = [history];
