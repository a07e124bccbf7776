import { z } from 'zod';
import { endpoint, projected } from '../../endpoint.js';
import { text } from '../../fields.js';
import { exampleSession } from '../sessions/schema.js';
import { exampleMe, presentMe } from './present.js';
import { meData } from './schema.js';

/** What the page of a handover does with its code. */
export const handoverEndpoint = endpoint({
  method: 'post',
  area: 'auth',
  path: '/handover',
  access: 'anybody',
  operationId: 'enterByHandover',
  summary: 'Come in from a front end',
  description:
    'With the code of `POST /api/user/external/session`, once; sets the cookie of a session of eight hours. It names the service key in `via`, and changes neither password nor address nor factors.',
  input: z.object({ code: text(1, 100).meta({ description: 'what stands behind `#` in the link' }) }),
  data: z.object({
    me: meData,
    page: z.string().meta({ description: 'where in the Portal to go, a path' }),
    language: z
      .enum(['zh', 'en'])
      .nullable()
      .meta({ description: 'that the front end speaks with the person' }),
  }),
  refusals: ['account_not_found', 'account_erased'],
  failures: [[400, 'handover_invalid', '入口链接无效、已使用或已过期，请从原系统重新进入']],
  example: {
    request: { code: 'k3Zs…' },
    data: {
      me: {
        ...exampleMe,
        external_user_id: 'test_user_001',
        has_password: false,
        session: {
          ...exampleSession,
          method: 'handover',
          via: 'service-key:3',
          return_url: 'https://shop.example.com/account',
          expires_at: 1795248000,
        },
      },
      page: '/portal',
      language: 'zh' as const,
    },
  },
  handle: async ({ code }, context) => {
    const { people, address, agent, readModels, settings } = context;
    const { person, secret, page, language } = await people.enter(code, { address, agent });
    // Who was synced a moment ago is in the log, and perhaps not in the read models yet.
    if (!(await readModels.account(person.externalUserId)))
      await projected({ readModels, settings }, await people.head());
    return {
      data: { me: await presentMe(context, person), page, language },
      cookie: { kind: 'person', secret },
    };
  },
});
