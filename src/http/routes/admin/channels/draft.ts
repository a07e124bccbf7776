import { z } from 'zod';
import { keyId } from '../../../../domain/channel/settings.js';
import { callAddress, endpointAddresses } from '../../../../relay/upstreams/call-address.js';
import type { Draft, ModelsOutcome } from '../../../../relay/channels/health/channel-tests.js';
import type { AdminContext } from '../../../area-contexts.js';
import { type BoundEndpoint, endpoint, type FailureRow } from '../../../endpoint.js';
import { text } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { commandOf } from './configure.js';
import { busy } from './live.js';
import { presentTest } from './live-present.js';
import { modelsData, testData } from './live-schema.js';
import { requireReachable } from './reachable.js';
import { channelData, configureInput, idField } from './schema.js';

/** A channel that is not there yet; nobody else sees what it is called. */
const DRAFT_ID = 'draft';
/** A channel needs one; none is shown to anybody where only addresses are asked for. */
const UNUSED_KEY = 'none';

const { models, name, ...said } = configureInput.omit({ channel_id: true, enabled: true, keys: true }).shape;
const draftShape = {
  ...said,
  name: name.default('draft').meta({ description: 'what operators will call it' }),
  key: text(1, 4096).meta({ description: 'the secret; it is not kept and not shown again' }),
};
const draftInput = z.object({ ...draftShape, models });
/** Before anybody knows them. */
const unknownModels = z.object({ ...draftShape, models: models.default(['*']) });

type Said = z.output<typeof draftInput>;

/** By the rules of saved ones, addresses included. Throws the refusal of what could not be saved. */
async function draftOf(said: Said, { admin }: AdminContext): Promise<Draft> {
  await requireReachable(said, admin);
  return drafted(said, admin);
}

function drafted({ key, ...rest }: Said, admin: AdminContext['admin']): Draft {
  const made = admin.draftChannel(
    commandOf({ ...rest, channel_id: DRAFT_ID, keys: [{ secret: key }] }, undefined),
  );
  if ('refusal' in made) throw refused(made.refusal);
  return { channelId: DRAFT_ID, settings: made.settings };
}

const tooMany: FailureRow = [429, 'too_many_tests', '正在进行的渠道测试过多，请稍后重试'];
const request = { name: 'OpenAI', base_url: 'https://api.openai.com/v1', key: 'sk-…' };
const offered = {
  outcome: 'answered',
  status: 200,
  reason: null,
  message: null,
  models: ['gpt-4o', 'gpt-4o-mini'],
  more: false,
};

const tryOut = endpoint({
  method: 'post',
  area: 'admin',
  path: '/channels/try',
  access: 'channels:write',
  operationId: 'adminTryChannel',
  summary: 'Test a channel before it is saved',
  description:
    'As the test of a saved one, with the settings that are sent and one key, by the same rules: an address that could not be saved is not called. Nothing is kept, and nothing of it counts for anybody. The provider charges you.',
  input: draftInput,
  data: testData,
  refusals: ['channel_invalid'],
  failures: [tooMany],
  example: {
    request: { ...request, models: ['gpt-4o-mini'] },
    data: {
      channel_id: DRAFT_ID,
      key_id: '1f0c22ab',
      model: 'gpt-4o-mini',
      outcome: 'answered',
      status: 200,
      reason: null,
      duration_ms: 412,
      by: 'operator:alice',
      message: null,
    },
  },
  handle: async (input, context) => {
    const draft = await draftOf(input, context);
    const outcome = await context.admin.channelTests.tryOut(draft, {
      model: undefined,
      by: context.meta.actor,
    });
    if (outcome.kind === 'refused') throw refused(outcome.refusal);
    if (outcome.kind === 'busy') throw busy;
    return { data: presentTest(outcome.result) };
  },
});

const addressed = endpoint({
  method: 'post',
  area: 'admin',
  path: '/channels/try/addresses',
  access: 'channels:write',
  operationId: 'adminShowAddressesOfDraft',
  summary: 'Show where calls of a channel would be sent, before it is saved',
  description: 'The full addresses, by the rules of saved ones. Nobody is asked, and nothing is kept.',
  input: z.object({ ...draftShape, key: draftShape.key.default(UNUSED_KEY), models: models.default(['*']) }),
  data: channelData.pick({ call_address: true, endpoint_addresses: true }),
  refusals: ['channel_invalid'],
  example: {
    request: { base_url: 'https://api.deepseek.com', endpoints: { chat: 'https://api.deepseek.com' } },
    data: {
      call_address: 'https://api.deepseek.com/chat/completions',
      endpoint_addresses: { chat: 'https://api.deepseek.com/chat/completions' },
    },
  },
  handle: (input, { admin }) => {
    const { settings } = drafted(input, admin);
    return Promise.resolve({
      data: { call_address: callAddress(settings), endpoint_addresses: endpointAddresses(settings) },
    });
  },
});

function presentModels(outcome: ModelsOutcome) {
  if (outcome.kind === 'refused') throw refused(outcome.refusal);
  if (outcome.kind === 'busy') throw busy;
  return { data: outcome.offered };
}

const ofDraft = endpoint({
  method: 'post',
  area: 'admin',
  path: '/channels/try/models',
  access: 'channels:write',
  operationId: 'adminListModelsOfDraft',
  summary: 'Ask an upstream what it serves, before a channel is saved',
  description: 'With the address and key that are sent, by the rules of saved ones. Nothing is kept.',
  input: unknownModels,
  data: modelsData,
  refusals: ['channel_invalid'],
  failures: [tooMany],
  example: { request, data: offered },
  handle: async (input, context) =>
    presentModels(await context.admin.channelTests.models(await draftOf(input, context))),
});

const ofSaved = endpoint({
  method: 'get',
  area: 'admin',
  path: '/channels/{channel_id}/upstream-models',
  access: 'channels:write',
  operationId: 'adminListUpstreamModels',
  summary: 'Ask the upstream of a channel what it serves',
  description:
    'With the first key in use, or the one that is named. Nothing of it counts for the health of the channel.',
  input: z.object({ channel_id: idField, key_id: keyId.optional() }),
  data: modelsData,
  refusals: ['channel_not_found', 'channel_invalid'],
  failures: [tooMany],
  example: { data: offered },
  handle: async ({ channel_id: channelId, key_id }, { admin }) =>
    presentModels(await admin.channelTests.models({ channelId, keyId: key_id })),
});

/** Channels before they are there, and what their upstreams serve. */
export const draftEndpoints: readonly BoundEndpoint[] = [tryOut, addressed, ofDraft, ofSaved];
