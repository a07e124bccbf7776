import { type Answer, type BoundEndpoint, endpoint, signedIn } from '../../../endpoint.js';
import type { BegunSession } from '../../../operators/ports.js';
import { recoveryCodesData } from '../../factor-schema.js';
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
} from '../../passkey-schema.js';
import { auditor, loginFailures, present } from './present.js';
import { nothing, operatorData } from './schema.js';

const options = endpoint({
  method: 'post',
  area: 'admin',
  path: '/session/passkey/options',
  access: 'anybody',
  operationId: 'adminPasskeyOptions',
  inDoubt: true,
  summary: 'Begin to log in with a passkey',
  description: 'A challenge for `navigator.credentials.get`.',
  input: nothing,
  bodyOptional: true,
  data: challengeData,
  refusals: [],
  failures: [passkeysUnavailable, ...loginFailures.slice(1)],
  example: { data: exampleChallenge },
  handle: async (_, { admin, address, agent }) => ({
    data: await admin.auth.passkeyOptions({ address, agent }),
  }),
});

const started = ({ operator, secret }: BegunSession): Answer => ({
  data: present(operator),
  cookie: { kind: 'operator', secret },
});

const begin = endpoint({
  method: 'post',
  area: 'admin',
  path: '/session/passkey',
  access: 'anybody',
  operationId: 'adminBeginSessionByPasskey',
  inDoubt: true,
  summary: 'Log in with a passkey',
  description:
    'At a browser. The device and what unlocks it are two factors: nothing else is asked for. A challenge is answered once.',
  input: answerInput,
  data: operatorData,
  refusals: [],
  failures: [passkeyInvalid, passkeysUnavailable],
  example: { request: { ticket: 'k3Zs…', response: exampleCredential }, data: present(auditor) },
  handle: async (given, { admin, address, agent }) =>
    started(await admin.auth.beginByPasskey(answerOf(given), { address, agent })),
});

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/passkeys',
  access: 'signed-in',
  operationId: 'adminListPasskeys',
  summary: 'List your passkeys',
  description: 'The oldest first; and whether there can be any where the service is reached.',
  input: nothing,
  data: passkeysData,
  refusals: [],
  example: { data: { available: true, passkeys: [examplePasskey] } },
  handle: async (_, context) => {
    const { passkeys } = context.admin;
    const all = await passkeys.list(signedIn(context));
    return { data: { available: passkeys.isAvailable(), passkeys: all.map(presentPasskey) } };
  },
});

const challenge = endpoint({
  method: 'post',
  area: 'admin',
  path: '/passkeys/options',
  access: 'signed-in',
  freshProof: true,
  operationId: 'adminBeginPasskey',
  summary: 'Begin to add a passkey',
  description: 'A challenge for `navigator.credentials.create`.',
  input: nothing,
  bodyOptional: true,
  data: challengeData,
  refusals: ['too_many_passkeys'],
  failures: [passkeysUnavailable],
  example: { data: exampleChallenge },
  handle: async (_, context) => ({ data: await context.admin.passkeys.begin(signedIn(context)) }),
});

const add = endpoint({
  method: 'post',
  area: 'admin',
  path: '/passkeys',
  access: 'signed-in',
  freshProof: true,
  operationId: 'adminAddPasskey',
  summary: 'Add a passkey',
  description: 'It logs in by itself; it is asked for after the password only where that is turned on.',
  input: addInput,
  data: passkeyData,
  refusals: ['operator_not_found', 'too_many_passkeys'],
  failures: [passkeyInvalid, passkeysUnavailable],
  example: {
    request: { ticket: 'k3Zs…', name: 'Phone', response: exampleCredential },
    data: examplePasskey,
  },
  handle: async (given, context) => {
    const { admin, meta } = context;
    return { data: presentPasskey(await admin.passkeys.add(signedIn(context), additionOf(given), meta)) };
  },
});

const change = endpoint({
  method: 'patch',
  area: 'admin',
  path: '/passkeys/{id}',
  access: 'signed-in',
  freshProof: true,
  operationId: 'adminChangePasskey',
  summary: 'Rename a passkey, or ask for it after the password',
  description:
    'With `second_step` a password alone logs in no more, and programs give a recovery code or one of the authenticator. Ten recovery codes are made where there are none.',
  input: changeInput,
  data: recoveryCodesData,
  refusals: ['operator_not_found'],
  failures: [passkeyMissing],
  example: { request: { second_step: true }, data: { recovery_codes: ['ABCDE-FGHJK', '…'] } },
  handle: async ({ id, name, second_step: secondStep }, context) => {
    const { admin, meta } = context;
    const codes = await admin.passkeys.change(signedIn(context), id, { name, secondStep }, meta);
    return { data: { recovery_codes: codes } };
  },
});

const remove = endpoint({
  method: 'delete',
  area: 'admin',
  path: '/passkeys/{id}',
  access: 'signed-in',
  freshProof: true,
  operationId: 'adminRemovePasskey',
  summary: 'Remove a passkey',
  description: 'It logs in no more.',
  input: removeInput,
  bodyOptional: true,
  data: removeInput,
  refusals: ['operator_not_found'],
  failures: [passkeyMissing],
  example: { data: { id: 'pJx0…' } },
  handle: async ({ id }, context) => {
    await context.admin.passkeys.remove(signedIn(context), id, context.meta);
    return { data: { id } };
  },
});

/** Passkeys of operators. */
export const ownPasskeyEndpoints: readonly BoundEndpoint[] = [
  options,
  begin,
  list,
  challenge,
  add,
  change,
  remove,
];
