import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import type { Passkey } from '../../commands/login/passkey-ports.js';
import type { FailureRow } from '../endpoint.js';
import { text } from '../fields.js';

// What people and operators send and get about their passkeys.

export const passkeyInvalid: FailureRow = [401, 'passkey_invalid', '通行密钥无效或已超时，请重试'];
export const passkeyMissing: FailureRow = [404, 'passkey_not_found', '通行密钥不存在'];
export const passkeysUnavailable: FailureRow = [
  409,
  'passkeys_unavailable',
  '通过此地址访问时不能使用通行密钥',
];

const LONGEST = 20_000;
/** As browsers say them (`PublicKeyCredential.toJSON`); what they mean is judged with the challenge. */
const credential = z
  .looseObject({
    id: text(1, 1_400),
    rawId: text(1, 1_400),
    type: z.literal('public-key'),
    response: z.looseObject({ clientDataJSON: text(1, LONGEST) }),
    clientExtensionResults: z.looseObject({}),
  })
  .refine((value) => JSON.stringify(value).length <= LONGEST)
  .meta({ description: '`PublicKeyCredential.toJSON()`' });

const ticket = text(1, 100).meta({ description: 'of the options' });
export const challengeData = z.object({
  ticket: z.string().meta({ description: 'for five minutes, once' }),
  options: z.looseObject({}).meta({ description: '`publicKey` of the browser’s call, as JSON' }),
});
const passkeyName = text(1, 60);
const passkeyId = text(1, 1_400);

export const answerInput = z.object({ ticket, response: credential });
/** What the library reads of it. */
export const answerOf = ({ ticket: of, response }: z.output<typeof answerInput>) => ({
  ticket: of,
  response: response as unknown as AuthenticationResponseJSON,
});
export const addInput = z.object({ ticket, name: passkeyName, response: credential });
export const additionOf = ({ ticket: of, name, response }: z.output<typeof addInput>) => ({
  ticket: of,
  name,
  response: response as unknown as RegistrationResponseJSON,
});
export const changeInput = z.object({
  id: passkeyId,
  name: passkeyName.optional(),
  second_step: z.boolean().optional(),
});
export const removeInput = z.object({ id: passkeyId });

export const passkeyData = z.object({
  id: z.string(),
  name: z.string(),
  second_step: z.boolean().meta({ description: 'asked for after the password as well' }),
  backed_up: z.boolean(),
  created_at: z.int().meta({ description: 'unix seconds' }),
  used_at: z.int().nullable(),
});

const seconds = (at: Date) => Math.floor(at.getTime() / 1000);
export const presentPasskey = (passkey: Passkey) => ({
  id: passkey.id,
  name: passkey.name,
  second_step: passkey.secondStep,
  backed_up: passkey.backedUp,
  created_at: seconds(passkey.createdAt),
  used_at: passkey.usedAt && seconds(passkey.usedAt),
});

export const examplePasskey = {
  id: 'pJx0…',
  name: 'Phone',
  second_step: false,
  backed_up: true,
  created_at: 1795219200,
  used_at: null,
};
export const exampleCredential = {
  id: 'pJx0…',
  rawId: 'pJx0…',
  type: 'public-key',
  response: { clientDataJSON: 'eyJ0…' },
  clientExtensionResults: {},
};
export const exampleChallenge = {
  ticket: 'k3Zs…',
  options: { challenge: 'Yx2c…', rpId: 'portal.example.com' },
};

export const passkeysData = z.object({ available: z.boolean(), passkeys: z.array(passkeyData) });
