import { z } from 'zod';
import { text } from '../fields.js';
import type { HalfSignedIn } from '../people/ports/person.js';

/** What people and operators send and get about their second factor. */
export const factorCode = text(1, 20).meta({
  minLength: 1,
  maxLength: 20,
  description: 'six digits of the authenticator, or a recovery code',
});

export const secondStepInput = z.object({
  ticket: text(1, 100).meta({ description: 'of the 202 that the password was answered with' }),
  code: factorCode,
});

export const halfSignedInData = z
  .object({
    ticket: z.string().meta({ description: 'for the second step, within ten minutes' }),
    methods: z.array(z.enum(['totp', 'recovery', 'passkey'])),
    expires_at: z.int().meta({ description: 'unix seconds' }),
  })
  .meta({ id: 'SecondStep' });

export const factorStandingData = z.object({
  enabled: z.boolean(),
  recovery_codes_left: z.int(),
});

export const begunTotpData = z.object({
  secret: z.string().meta({ description: 'base32, for authenticators that read no QR code' }),
  uri: z.string().meta({ description: '`otpauth://…`, what the QR code holds' }),
});

export const recoveryCodesData = z.object({
  recovery_codes: z.array(z.string()).meta({ description: 'told this once; empty where there were some' }),
});

const TICKET = 'k3Zs…';
export const exampleSecondStep = { ticket: TICKET, code: '492039' };
export const exampleHalfSignedIn = {
  ticket: TICKET,
  methods: ['totp' as const, 'recovery' as const],
  expires_at: 1795219800,
};
export const exampleBegunTotp = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/Counterfoil:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Counterfoil',
};
export const exampleRecoveryCodes = { recovery_codes: ['ABCDE-FGHJK', '…'] };

export const presentHalf = ({ ticket, expiresAt, methods }: HalfSignedIn) => ({
  ticket,
  methods,
  expires_at: Math.floor(expiresAt.getTime() / 1000),
});

export const secondStepText = { zh: '请输入两步验证码', en: 'Give a code of your second factor' };
