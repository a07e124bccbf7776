import { type BoundEndpoint, endpoint, signedInPerson } from '../../endpoint.js';
import { recoveryCodesData } from '../factor-schema.js';
import {
  addInput,
  additionOf,
  answerInput,
  answerOf,
  challengeData,
  changeInput,
  exampleChallenge,
  exampleCredential,
  examplePasskey,
  passkeyData,
  passkeyInvalid,
  passkeyMissing,
  passkeysData,
  passkeysUnavailable,
  presentPasskey,
  removeInput,
} from '../passkey-schema.js';
import { loginFailures, sessionLimited, stepUpRequired } from './failures.js';
import { entered, exampleMe, visitOf } from './present.js';
import { meData, nothing } from './schema.js';

const proof = [sessionLimited, stepUpRequired];

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
  data: challengeData,
  refusals: [],
  failures: [passkeysUnavailable, ...loginFailures.slice(1)],
  example: { data: exampleChallenge },
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
  input: answerInput,
  data: meData,
  refusals: [],
  failures: [passkeyInvalid, passkeysUnavailable],
  example: { request: { ticket: 'k3Zs…', response: exampleCredential }, data: exampleMe },
  handle: async (given, context) => {
    const { people, address, agent } = context;
    return entered(context, await people.signInByPasskey(answerOf(given), { address, agent }));
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
  data: passkeysData,
  refusals: ['login_not_found'],
  failures: [sessionLimited],
  example: { data: { available: true, passkeys: [examplePasskey] } },
  handle: async (_, context) => {
    const passkeys = await context.people.passkeys(signedInPerson(context));
    return { data: { available: context.people.hasPasskeys(), passkeys: passkeys.map(presentPasskey) } };
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
  data: challengeData,
  refusals: ['login_not_found', 'too_many_passkeys'],
  failures: [...proof, passkeysUnavailable],
  example: { data: exampleChallenge },
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
  input: addInput,
  data: passkeyData,
  refusals: ['login_not_found', 'login_closed', 'too_many_passkeys'],
  failures: [...proof, passkeyInvalid, passkeysUnavailable],
  example: { request: { ticket: 'k3Zs…', name: 'Phone', response: exampleCredential }, data: examplePasskey },
  handle: async (given, context) => {
    const { people } = context;
    const added = await people.addPasskey(signedInPerson(context), additionOf(given), visitOf(context));
    return { data: presentPasskey(added) };
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
  input: changeInput,
  data: recoveryCodesData,
  refusals: ['login_not_found', 'login_closed'],
  failures: [...proof, passkeyMissing],
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
  input: removeInput,
  bodyOptional: true,
  data: removeInput,
  refusals: ['login_not_found', 'login_closed'],
  failures: [...proof, passkeyMissing],
  example: { data: { id: 'pJx0…' } },
  handle: async ({ id }, context) => {
    await context.people.removePasskey(signedInPerson(context), id, visitOf(context));
    return { data: { id } };
  },
});

export const passkeyEndpoints: readonly BoundEndpoint[] = [options, signIn, list, begin, add, change, remove];
