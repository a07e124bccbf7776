import { z } from 'zod';
import { keyId, optionDefaults } from '../../../../domain/channel/settings.js';
import type { AdminContext } from '../../../area-contexts.js';
import { accepted, type BoundEndpoint, catalogueChanged, endpoint } from '../../../endpoint.js';
import { refused } from '../../../refusals.js';
import { commandOf } from './configure.js';
import { requireReachable } from './reachable.js';
import { presentChannel } from './present.js';
import { channelData, configureInput, idField, reason } from './schema.js';

const shown = {
  channel_id: 'openai-main',
  enabled: true,
  disabled: null,
  name: 'OpenAI',
  base_url: 'https://api.openai.com/v1',
  call_address: 'https://api.openai.com/v1/chat/completions',
  endpoint_addresses: {},
  keys: [{ id: '1f0c22ab', key: 'sk-p...9f3A', disabled: null }],
  models: ['gpt-4o', 'gpt-4o-mini'],
  ...optionDefaults,
  groups: ['default', 'vip'],
  test_model: 'gpt-4o-mini',
  health_check_interval_seconds: 300,
  proxy_url: null,
  proxy_credentials: false,
};
const inOrder = { area: 'admin', data: channelData, example: { data: shown } } as const;

const all = async ({ readModels, admin }: AdminContext) =>
  (await readModels.catalogue()).channels.map((each) => presentChannel(each, admin.maskOf));

async function one(context: AdminContext, channelId: string) {
  const found = (await all(context)).find(({ channel_id }) => channel_id === channelId);
  if (!found) throw refused({ code: 'channel_not_found' });
  return found;
}

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/channels',
  access: 'channels:read',
  operationId: 'adminListChannels',
  summary: 'List the channels',
  description: 'With their keys masked, and why one is out of use.',
  input: z.object({}),
  data: z.object({ channels: z.array(channelData) }),
  refusals: [],
  example: { data: { channels: [shown] } },
  handle: async (_, context) => ({ data: { channels: await all(context) } }),
});

const view = endpoint({
  ...inOrder,
  method: 'get',
  path: '/channels/{channel_id}',
  access: 'channels:read',
  operationId: 'adminShowChannel',
  summary: 'Show a channel',
  description: 'With its keys masked.',
  input: z.object({ channel_id: idField }),
  refusals: ['channel_not_found'],
  handle: async ({ channel_id }, context) => ({ data: await one(context, channel_id) }),
});

const configure = endpoint({
  ...inOrder,
  method: 'put',
  path: '/channels/{channel_id}',
  access: 'channels:write',
  operationId: 'adminConfigureChannel',
  summary: 'Create or change a channel',
  description:
    'Of a channel that is there, what is absent stays as it is. A new one needs a name, a base URL, models and a key, and is enabled unless it says otherwise. In force at once here and within about a second elsewhere.',
  input: configureInput,
  refusals: ['channel_invalid'],
  example: {
    request: {
      name: 'OpenAI',
      base_url: 'https://api.openai.com/v1',
      keys: [{ secret: 'sk-…' }],
      models: ['gpt-4o', 'gpt-4o-mini'],
      groups: ['default', 'vip'],
    },
    data: shown,
  },
  handle: async (input, context) => {
    await requireReachable(input, context.admin);
    const { channels } = await context.readModels.catalogue();
    const current = channels.find(({ channelId }) => channelId === input.channel_id);
    const { position, replayed } = accepted(
      await context.commands.configureChannel(commandOf(input, current), context.meta),
    );
    await catalogueChanged(context, position);
    return { data: await one(context, input.channel_id), replayed };
  },
});

const switchInput = { channel_id: idField, reason: reason.default('') };

function switching(enabled: boolean) {
  const action = enabled ? 'enable' : 'disable';
  return endpoint({
    ...inOrder,
    method: 'post',
    path: `/channels/{channel_id}/${action}`,
    access: 'channels:write',
    operationId: enabled ? 'adminEnableChannel' : 'adminDisableChannel',
    summary: enabled ? 'Put a channel into use' : 'Take a channel out of use',
    description: enabled ? 'Also one that the ledger itself took out of use.' : 'Calls under way go on.',
    input: z.object(switchInput),
    bodyOptional: true,
    refusals: ['channel_not_found'],
    handle: async ({ channel_id: channelId, reason: why }, context) => {
      const { position, replayed } = accepted(
        await context.commands.setChannelEnabled({ channelId, enabled, reason: why }, context.meta),
      );
      await catalogueChanged(context, position);
      return { data: await one(context, channelId), replayed };
    },
  });
}

function switchingKey(enabled: boolean) {
  const action = enabled ? 'enable' : 'disable';
  return endpoint({
    ...inOrder,
    method: 'post',
    path: `/channels/{channel_id}/keys/{key_id}/${action}`,
    access: 'channels:write',
    operationId: enabled ? 'adminEnableChannelKey' : 'adminDisableChannelKey',
    summary: enabled ? 'Put a key of a channel into use' : 'Take a key of a channel out of use',
    description: 'A channel goes out of use with its last key.',
    input: z.object({ ...switchInput, key_id: keyId }),
    bodyOptional: true,
    refusals: ['channel_not_found', 'channel_invalid'],
    handle: async ({ channel_id: channelId, key_id: key, reason: why }, context) => {
      const { position, replayed } = accepted(
        await context.commands.setChannelKeyEnabled(
          { channelId, keyId: key, enabled, reason: why },
          context.meta,
        ),
      );
      await catalogueChanged(context, position);
      return { data: await one(context, channelId), replayed };
    },
  });
}

export const channelEndpoints: readonly BoundEndpoint[] = [
  list,
  view,
  configure,
  switching(true),
  switching(false),
  switchingKey(true),
  switchingKey(false),
];
