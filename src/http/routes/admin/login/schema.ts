import { z } from 'zod';
import { permissions, roles } from '../../../../domain/operator/roles.js';
import { text } from '../../../fields.js';
import { factorCode } from '../../factor-schema.js';

/** Any text: that a name cannot exist is told no more than that it does not. */
export const loginInput = z.object({
  name: text(1, 100),
  password: text(1, 200),
});

/** Where there is no further step. */
export const tokenInput = loginInput.extend({ code: factorCode.optional() });

export const stepUpInput = z.object({ password: text(1, 200) });

export const nothing = z.object({});

export const operatorData = z.object({
  name: z.string(),
  role: z.enum(roles),
  owes_second_factor: z
    .boolean()
    .meta({ description: 'must have a second factor and has none: nothing else is allowed before' }),
  permissions: z.array(z.enum(Object.keys(permissions) as [string, ...string[]])),
});

export const loginData = z.object({
  token: z.string().meta({ description: 'a JSON Web Token, for `Authorization: Bearer`' }),
  token_type: z.literal('Bearer'),
  expires_at: z.int().meta({ description: 'unix seconds' }),
  operator: operatorData,
});

export const passwordInput = z.object({
  current_password: text(1, 200),
  new_password: text(1, 200).meta({ minLength: 12, maxLength: 200 }),
});

export const nameData = z.object({ name: z.string() });
