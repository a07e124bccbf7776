import { z } from 'zod';

export const selfData = z
  .object({
    user_id: z.int(),
    external_user_id: z.string(),
    username: z.string(),
    display_name: z.string(),
    email: z.string().meta({ description: 'empty where none was given' }),
    email_verified: z.boolean(),
    has_password: z.boolean().meta({ description: 'whether there is a login of its own' }),
    group: z.string().meta({ description: 'by which prices are chosen' }),
    status: z.enum(['enabled', 'suspended']),
    language: z
      .enum(['zh', 'en'])
      .nullable()
      .meta({ description: 'of mails to you; null: that of who asks for the mail' }),
    created_at: z.int().meta({ description: 'unix seconds' }),
    timezone: z.string().meta({ description: 'in which days begin' }),
    may: z
      .object({
        act: z.boolean().meta({ description: 'false: look, and nothing else' }),
        change_sign_in: z.boolean().meta({
          description: 'password, address and factors; not in a session that a front end handed over',
        }),
        groups: z.array(z.string()).meta({ description: 'whose prices your keys may be used at' }),
      })
      .meta({ description: 'what you may do' }),
  })
  .meta({ id: 'Self' });

export const exampleSelf: z.output<typeof selfData> = {
  user_id: 7,
  external_user_id: 'self-5b1c6d6e-9d6b-4c66-9b59-0d3f4f4c7e10',
  username: 'alice',
  display_name: 'Alice',
  email: 'alice@example.com',
  email_verified: true,
  has_password: true,
  group: 'default',
  status: 'enabled',
  language: 'en',
  created_at: 1795219200,
  timezone: 'Asia/Shanghai',
  may: { act: true, change_sign_in: true, groups: ['default'] },
};
