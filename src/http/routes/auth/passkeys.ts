import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import type { Passkey } from '../../../commands/login/passkey-ports.js';
import { type BoundEndpoint, endpoint, type FailureRow, signedInPerson } from '../../endpoint.js';
import { text } from '../../fields.js';
import { recoveryCodesData } from '../factor-schema.js';
import { loginFailures, sessionLimited, stepUpRequired } from './failures.js';
import { entered, exampleMe, visitOf } from './present.js';
import { meData, nothing } from './schema.js';

const invalid: FailureRow = [401, 'passkey_invalid', '通行密钥无效或已超时，请重试'];
const missing: FailureRow = [404, 'passkey_not_found', '通行密钥不存在'];
const unavailable: FailureRow = [409, 'passkeys_unavailable', '通过此地址访问时不能使用通行密钥'];
const tooMany: FailureRow = [409, 'too_many_passkeys', '通行密钥数量已达上限'];
const proof = [sessionLimited, stepUpRequired];

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
const optionsData = z.object({
  ticket: z.string().meta({ description: 'for five minutes, once' }),
  options: z.looseObject({}).meta({ description: '`publicKey` of the browser’s call, as JSON' }),
});
const passkeyName = text(1, 60);

const passkeyData = z.object({
  id: z.string(),
  name: z.string(),
  second_step: z.boolean().meta({ description: 'asked for after the password as well' }),
  backed_up: z.boolean(),
  created_at: z.int().meta({ description: 'unix seconds' }),
  used_at: z.int().nullable(),
});

const seconds = (at: Date) => Math.floor(at.getTime() / 1000);
const present = (passkey: Passkey) => ({
  id: passkey.id,
  name: passkey.name,
  second_step: passkey.secondStep,
  backed_up: passkey.backedUp,
  created_at: seconds(passkey.createdAt),
  used_at: passkey.usedAt && seconds(passkey.usedAt),
});

const shown = {
  id: 'pJx0…',
  name: 'Phone',
  second_step: false,
  backed_up: true,
  created_at: 1795219200,
  used_at: null,
};
const exampleCredential = {
  id: 'pJx0…',
  rawId: 'pJx0…',
  type: 'public-key',
  response: { clientDataJSON: 'eyJ0…' },
  clientExtensionResults: {},
};
const exampleOptions = { ticket: 'k3Zs…', options: { challenge: 'Yx2c…', rpId: 'portal.example.com' } };

const options = endpoint({
  method: 'post',
  area: 'auth',
  path: '/passkey/options',
  access: 'anybody',
  operationId: 'passkeyOptions',
  summary: 'Begin to sign in with a passkey',
  description: 'A challenge for `navigator.credentials.get`.',
  input: nothing,
  bodyOptional: true,
  data: optionsData,
  refusals: [],
  failures: [unavailable, ...loginFailures.slice(1)],
  example: { data: exampleOptions },
  handle: async (_, { people, address, agent }) => ({
    data: await people.passkeyOptions({ address, agent }),
  }),
});

const signIn = endpoint({
  method: 'post',
  area: 'auth',
  path: '/passkey',
  access: 'anybody',
  operationId: 'signInByPasskey',
  summary: 'Sign in with a passkey',
  description:
    'The device and what unlocks it are two factors: nothing else is asked for. Sets the cookie of the session. A challenge is answered once.',
  input: z.object({ ticket, response: credential }),
  data: meData,
  refusals: [],
  failures: [invalid, unavailable],
  example: { request: { ticket: 'k3Zs…', response: exampleCredential }, data: exampleMe },
  handle: async (given, context) => {
    const { people, address, agent } = context;
    const response = given.response as unknown as AuthenticationResponseJSON;
    const started = await people.signInByPasskey({ ticket: given.ticket, response }, { address, agent });
    return entered(context, started);
  },
});

const list = endpoint({
  method: 'get',
  area: 'auth',
  path: '/passkeys',
  access: 'person',
  operationId: 'listPasskeys',
  summary: 'List your passkeys',
  description: 'The oldest first; and whether there can be any where the service is reached.',
  input: nothing,
  data: z.object({ available: z.boolean(), passkeys: z.array(passkeyData) }),
  refusals: ['login_not_found'],
  failures: [sessionLimited],
  example: { data: { available: true, passkeys: [shown] } },
  handle: async (_, context) => {
    const passkeys = await context.people.passkeys(signedInPerson(context));
    return { data: { available: context.people.hasPasskeys(), passkeys: passkeys.map(present) } };
  },
});

const begin = endpoint({
  method: 'post',
  area: 'auth',
  path: '/passkeys/options',
  access: 'person',
  operationId: 'beginPasskey',
  summary: 'Begin to add a passkey',
  description: 'A challenge for `navigator.credentials.create`.',
  input: nothing,
  bodyOptional: true,
  data: optionsData,
  refusals: ['login_not_found'],
  failures: [...proof, unavailable, tooMany],
  example: { data: exampleOptions },
  handle: async (_, context) => ({ data: await context.people.beginPasskey(signedInPerson(context)) }),
});

const add = endpoint({
  method: 'post',
  area: 'auth',
  path: '/passkeys',
  access: 'person',
  operationId: 'addPasskey',
  summary: 'Add a passkey',
  description: 'It signs in by itself; it is asked for after the password only where that is turned on.',
  input: z.object({ ticket, name: passkeyName, response: credential }),
  data: passkeyData,
  refusals: ['login_not_found', 'login_closed'],
  failures: [...proof, invalid, unavailable],
  example: { request: { ticket: 'k3Zs…', name: 'Phone', response: exampleCredential }, data: shown },
  handle: async ({ ticket: of, name, response }, context) => {
    const given = { ticket: of, name, response: response as unknown as RegistrationResponseJSON };
    return {
      data: present(await context.people.addPasskey(signedInPerson(context), given, visitOf(context))),
    };
  },
});

const change = endpoint({
  method: 'patch',
  area: 'auth',
  path: '/passkeys/{id}',
  access: 'person',
  operationId: 'changePasskey',
  summary: 'Rename a passkey, or ask for it after the password',
  description:
    'With `second_step` a password alone signs in no more. Ten recovery codes are made where there are none.',
  input: z.object({ id: text(1, 1_400), name: passkeyName.optional(), second_step: z.boolean().optional() }),
  data: recoveryCodesData,
  refusals: ['login_not_found', 'login_closed'],
  failures: [...proof, missing],
  example: { request: { second_step: true }, data: { recovery_codes: ['ABCDE-FGHJK', '…'] } },
  handle: async ({ id, name, second_step: secondStep }, context) => {
    const { people } = context;
    const codes = await people.changePasskey(
      signedInPerson(context),
      id,
      { name, secondStep },
      visitOf(context),
    );
    return { data: { recovery_codes: codes } };
  },
});

const remove = endpoint({
  method: 'delete',
  area: 'auth',
  path: '/passkeys/{id}',
  access: 'person',
  operationId: 'removePasskey',
  summary: 'Remove a passkey',
  description: 'It signs in no more.',
  input: z.object({ id: text(1, 1_400) }),
  bodyOptional: true,
  data: z.object({ id: z.string() }),
  refusals: ['login_not_found', 'login_closed'],
  failures: [...proof, missing],
  example: { data: { id: 'pJx0…' } },
  handle: async ({ id }, context) => {
    await context.people.removePasskey(signedInPerson(context), id, visitOf(context));
    return { data: { id } };
  },
});

export const passkeyEndpoints: readonly BoundEndpoint[] = [options, signIn, list, begin, add, change, remove];
