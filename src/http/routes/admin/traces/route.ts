import { z } from 'zod';
import { type TraceRow, traceKinds } from '../../../../domain/operator/trace.js';
import { type BoundEndpoint, endpoint } from '../../../endpoint.js';
import { text } from '../../../fields.js';
import { nextAfter, pageInput, pageOf, seconds } from '../paging.js';

const trace = z
  .object({
    id: z.int(),
    kind: z.enum(traceKinds),
    name: z.string().meta({ description: 'empty where nobody said one, or what was said cannot be a name' }),
    address_block: z.string().meta({ description: 'an IPv4 address, a /64 of IPv6, or `unknown`' }),
    reason: z.string().meta({
      description:
        'of a refusal the code of the answer and what was missing; of an act to whom it was done; empty for a login',
    }),
    route: z.string(),
    times: z.int().meta({ description: 'within the hour' }),
    first_at: z.int().meta({ description: 'unix seconds' }),
    last_at: z.int().meta({ description: 'unix seconds' }),
  })
  .meta({ id: 'OperatorTrace' });

const present = (row: TraceRow) => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  address_block: row.addressBlock,
  reason: row.reason,
  route: row.route,
  times: row.times,
  first_at: seconds(row.firstAt),
  last_at: seconds(row.lastAt),
});

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/traces',
  access: 'operators:read',
  operationId: 'adminListTraces',
  summary: 'List logins, failed logins, refusals, and acts that no event tells',
  description:
    'Of the last 90 days, by their number, page by page. The same within an hour is one row that counts. Changes are events and not here; `acted` are mails that were sent again and sessions that were ended.',
  input: z.object({
    kind: z.enum(traceKinds).optional(),
    name: text(1, 32).optional(),
    address_block: text(1, 64).optional(),
    ...pageInput,
  }),
  data: z.object({ traces: z.array(trace), next_after: nextAfter }),
  refusals: [],
  example: {
    data: {
      traces: [
        {
          id: 7,
          kind: 'refused',
          name: 'alice',
          address_block: '203.0.113.7',
          reason: 'forbidden users:adjust',
          route: 'POST /api/admin/users/{external_user_id}/adjust',
          times: 1,
          first_at: 1795219200,
          last_at: 1795219200,
        },
      ],
      next_after: null,
    },
  },
  handle: async ({ kind, name, address_block, after, limit }, { admin }) => {
    const { rows, next_after } = await pageOf(
      limit,
      ({ id }: TraceRow) => id,
      (most) => admin.listTraces({ kind, name, addressBlock: address_block }, { after, limit: most }),
    );
    return { data: { traces: rows.map(present), next_after } };
  },
});

export const traceEndpoints: readonly BoundEndpoint[] = [list];
