import { z } from 'zod';
import { MAX_USER_PASSWORD, MIN_USER_PASSWORD } from '../../../commands/login/password-rules.js';
import { text } from '../../fields.js';
import { sessionData } from '../sessions/schema.js';

export const nothing = z.object({});

/** Any text: that a name cannot exist is told no more than that it does not. */
export const signInInput = z.object({
  login: text(1, 100).meta({ minLength: 1, maxLength: 100, description: 'a username or an e-mail address' }),
  password: text(1, MAX_USER_PASSWORD),
});

/** Its length is the command's to judge, so that the answer is one everywhere. */
export const newPasswordField = text(1, 2 * MAX_USER_PASSWORD).meta({
  minLength: MIN_USER_PASSWORD,
  maxLength: MAX_USER_PASSWORD,
  description: 'none of the 10,000 commonest, and not the name or the address',
});

export const signInData = z.object({
  at: z.int().meta({ description: 'unix seconds' }),
  method: z.string().meta({ description: '`password`, `password+totp`, `handover`, `token` …' }),
  address_block: z.string(),
  agent: z.string(),
});

export const meData = z
  .object({
    user_id: z.int(),
    external_user_id: z.string(),
    username: z.string(),
    display_name: z.string(),
    email: z.string().meta({ description: 'empty where none was given' }),
    email_verified: z.boolean(),
    has_password: z.boolean().meta({ description: 'whether there is a login of its own' }),
    group: z.string(),
    status: z.int().meta({ description: '1 enabled, 2 suspended' }),
    language: z
      .enum(['zh', 'en'])
      .nullable()
      .meta({ description: 'of mails to you; null: that of who asks for the mail' }),
    session: sessionData.nullable().meta({ description: 'null where a token was presented' }),
  })
  .meta({ id: 'Me' });

export const tokenData = z.object({
  token: z.string().meta({ description: 'a JSON Web Token, for `Authorization: Bearer`' }),
  token_type: z.literal('Bearer'),
  expires_at: z.int().meta({ description: 'unix seconds' }),
});

export const passwordInput = z.object({
  current_password: text(1, MAX_USER_PASSWORD),
  new_password: newPasswordField,
});

export const stepUpInput = z.object({ password: text(1, MAX_USER_PASSWORD) });
