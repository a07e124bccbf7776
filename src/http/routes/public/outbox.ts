import { z } from 'zod';
import { endpoint } from '../../endpoint.js';

/** The mails of a demo, which has nobody to send them and one person to read them. */
export const outboxEndpoint = endpoint({
  method: 'get',
  area: 'open',
  access: 'anybody',
  path: '/outbox',
  operationId: 'outbox',
  summary: 'Read the mails of a demo',
  description:
    'The newest mails of `counterfoil demo`, which sends none. Elsewhere they are nobody’s to see, and `shown` is false.',
  input: z.object({}),
  data: z.object({
    shown: z.boolean(),
    mails: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        to: z.string(),
        subject: z.string(),
        text: z.string(),
        created_at: z.int().meta({ description: 'unix seconds' }),
      }),
    ),
  }),
  refusals: [],
  example: {
    data: {
      shown: true,
      mails: [
        {
          id: '5b1c6d6e-9d6b-4c66-9b59-0d3f4f4c7e10',
          kind: 'verify',
          to: 'alice@example.com',
          subject: '请验证您的邮箱',
          text: 'http://127.0.0.1:3000/portal/verify#…',
          created_at: 1795219200,
        },
      ],
    },
  },
  handle: async (_, { open }) => {
    const mails = (await open.outbox?.()) ?? [];
    return {
      data: {
        shown: open.outbox !== undefined,
        mails: mails.map(({ id, kind, to, subject, text, createdAt }) => ({
          id,
          kind,
          to,
          subject,
          text: text ?? '',
          created_at: Math.floor(createdAt.getTime() / 1_000),
        })),
      },
    };
  },
});
