import { z } from 'zod';
import type { AdminContext } from '../../../area-contexts.js';
import { type BoundEndpoint, endpoint } from '../../../endpoint.js';
import { HttpFailure } from '../../../failure.js';
import { refused } from '../../../refusals.js';
import { presentLive, presentTest } from './live-present.js';
import { liveData, liveList, testData, testInput } from './live-schema.js';
import { idField } from './schema.js';

const check = {
  key_id: '1f0c22ab',
  model: 'gpt-4o-mini',
  outcome: 'answered',
  status: 200,
  reason: null,
  duration_ms: 412,
};
const limited = {
  failures: 2,
  reason: 'status-429',
  until: 1795219230,
  back_in_ms: 21400,
};
const shown = {
  channel_id: 'openai-main',
  name: 'OpenAI',
  state: 'in_use',
  disabled: null,
  cooldown: null,
  running_calls: 3,
  max_concurrency: 50,
  response: { answered: 18211, failed: 12, average_ms: 640, last_ms: 588, last_at: 1795219208 },
  lately: Array.from({ length: 24 }, (_, slice) => ({ answered: 212, failed: slice === 23 ? 1 : 0 })),
  last_check: { ...check, by: 'schedule', at: 1795219107 },
  balance: { key_id: '1f0c22ab', amount: 42.5, currency: 'USD', at: 1795219100 },
  keys: [
    {
      id: '1f0c22ab',
      key: 'sk-p...9f3A',
      state: 'in_use',
      disabled: null,
      cooldown: null,
      models: [{ model: 'gpt-4o', ...limited }],
    },
  ],
  models: [],
};

/** Every channel with all that is known of how it does. */
export async function live({ admin, now, readModels }: AdminContext) {
  const [{ channels }, reports] = await Promise.all([readModels.catalogue(), admin.channelReports()]);
  return channels.map((each) => {
    const report = reports.find(({ channelId }) => channelId === each.channelId);
    return presentLive(each, report, admin.maskOf, now);
  });
}

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/channel-states',
  access: 'channels:read',
  operationId: 'adminListChannelStates',
  summary: 'How the channels are doing now',
  description:
    'As all processes know it together: what cools down and until when, what is out of use and why, calls that run, response times, the last health check.',
  input: z.object({}),
  data: liveList,
  refusals: [],
  example: { data: { channels: [shown] } },
  handle: async (_, context) => ({ data: { channels: await live(context) } }),
});

const view = endpoint({
  method: 'get',
  area: 'admin',
  path: '/channels/{channel_id}/state',
  access: 'channels:read',
  operationId: 'adminShowChannelState',
  summary: 'How a channel is doing now',
  description: 'The same of one channel.',
  input: z.object({ channel_id: idField }),
  data: liveData,
  refusals: ['channel_not_found'],
  example: { data: shown },
  handle: async ({ channel_id }, context) => {
    const found = (await live(context)).find((each) => each.channel_id === channel_id);
    if (!found) throw refused({ code: 'channel_not_found' });
    return { data: found };
  },
});

/** As many channels are asked as may be at once. */
export const busy = new HttpFailure({
  status: 429,
  code: 'too_many_tests',
  text: { zh: '正在进行的渠道测试过多，请稍后重试', en: 'Too many channels are being tested, please wait' },
  headers: { 'Retry-After': '5' },
});

const test = endpoint({
  method: 'post',
  area: 'admin',
  path: '/channels/{channel_id}/test',
  access: 'channels:write',
  operationId: 'adminTestChannel',
  summary: 'Test a channel now',
  description:
    'Sends the smallest call there is to its test model and waits up to 30 seconds. No user is charged for it; the provider charges you. What comes of it counts as a health check does: an answer ends a cooldown, a failure may begin one, and a key that is refused for good goes out of use. Also of channels and keys that are out of use; they stay so.',
  input: testInput,
  bodyOptional: true,
  data: testData,
  refusals: ['channel_not_found', 'channel_invalid'],
  failures: [[429, 'too_many_tests', '正在进行的渠道测试过多，请稍后重试']],
  example: { data: { channel_id: 'openai-main', ...check, by: 'operator:alice', message: null } },
  handle: async ({ channel_id: channelId, key_id: keyId, model }, { admin, meta }) => {
    const outcome = await admin.channelTests.run({ channelId, keyId, model, by: meta.actor });
    if (outcome.kind === 'refused') throw refused(outcome.refusal);
    if (outcome.kind === 'busy') throw busy;
    return { data: presentTest(outcome.result) };
  },
});

export const liveChannelEndpoints: readonly BoundEndpoint[] = [list, view, test];
