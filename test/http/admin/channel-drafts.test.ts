import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  answerJson,
  completion,
  startTestUpstream,
  type TestUpstream,
} from '../../relay/support/test-upstream.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const SECRET = 'sk-upstream-secret-0123456789';
const GOOD = answerJson(completion('pong', { prompt_tokens: 1, completion_tokens: 1 }));
const MODELS = answerJson(
  JSON.stringify({ object: 'list', data: [{ id: 'b' }, { id: 'a' }, { id: 'a' }, { id: '' }] }),
);

let world: AdminServer;
let upstream: TestUpstream;
let operator: string;
beforeAll(async () => {
  upstream = await startTestUpstream(GOOD);
  world = await startAdminServer();
  operator = await world.as('operator');
});
afterAll(async () => {
  await world.close();
  await upstream.close();
});
beforeEach(() => {
  upstream.behave(GOOD);
  upstream.seen.length = 0;
});

const call = (method: string, path: string, body?: unknown) => world.call(operator, method, path, body);
const draft = (more: object = {}) => ({
  base_url: upstream.url,
  key: SECRET,
  models: ['gpt-4o-mini'],
  ...more,
});

describe('a channel that is not saved', () => {
  it('says where its calls would go, without a key, and asks nobody', async () => {
    const endpoints = {
      chat: 'https://api.example.com/v1',
      messages: 'https://api.example.com/anthropic/v1',
    };
    const said = { base_url: endpoints.chat, endpoints };
    expect((await call('POST', '/channels/try/addresses', said)).body.data).toEqual({
      call_address: 'https://api.example.com/v1/chat/completions',
      endpoint_addresses: {
        messages: 'https://api.example.com/anthropic/v1/messages',
        chat: 'https://api.example.com/v1/chat/completions',
      },
    });
    const wrong = await call('POST', '/channels/try/addresses', { base_url: 'nowhere' });
    expect([wrong.status, wrong.body.code]).toEqual([400, 'invalid_request']);
    expect(upstream.seen).toEqual([]);
  });

  it('is tested with what is sent, and nothing of it is kept', async () => {
    const head = await world.ledger.head();
    const { status, body, text } = await call(
      'POST',
      '/channels/try',
      draft({ model_mapping: { 'gpt-4o-mini': 'mini' } }),
    );
    expect([status, body.data]).toMatchObject([
      200,
      {
        channel_id: 'draft',
        model: 'gpt-4o-mini',
        outcome: 'answered',
        status: 200,
        by: 'operator:operator',
      },
    ]);
    expect(text).not.toContain(SECRET);
    expect(upstream.seen).toMatchObject([
      { headers: { authorization: `Bearer ${SECRET}` }, body: { model: 'mini', max_tokens: 1 } },
    ]);
    expect(await world.ledger.head()).toBe(head);
    expect(await world.administration.channelReports()).toEqual([]);
  });

  it('says in our words what is wrong, and its failures count for nobody', async () => {
    upstream.behave(
      answerJson(JSON.stringify({ error: { message: 'a host of ours', code: 'invalid_api_key' } }), 401),
    );
    const { body, text } = await call('POST', '/channels/try', draft());
    expect(body.data).toMatchObject({ outcome: 'failed', status: 401, message: 'the key is refused' });
    expect(text).not.toContain('a host of ours');
    expect(await world.administration.channelReports()).toEqual([]);
  });

  it.each([
    [{ base_url: 'http://10.0.0.7/v1' }, 'channel_invalid'],
    [{ base_url: 'no address' }, 'invalid_request'],
    [{ key: undefined }, 'invalid_request'],
    [{ models: undefined }, 'channel_invalid'],
  ])('is refused as a saved one would be: %j', async (wrong, code) => {
    const { status, body } = await call('POST', '/channels/try', draft(wrong));
    expect([status, body.code]).toEqual([400, code]);
    expect(upstream.seen).toEqual([]);
  });
});

describe('what an upstream serves', () => {
  it('is asked before there is a channel', async () => {
    upstream.behave(MODELS);
    const { body, text } = await call('POST', '/channels/try/models', {
      base_url: upstream.url,
      key: SECRET,
    });
    expect(body.data).toEqual({
      outcome: 'answered',
      status: 200,
      reason: null,
      message: null,
      models: ['a', 'b'],
      more: false,
    });
    expect(upstream.seen).toMatchObject([
      { url: '/v1/models', headers: { authorization: `Bearer ${SECRET}` } },
    ]);
    expect(text).not.toContain(SECRET);
  });

  it('is asked of a saved channel with its own key, in the way of its kind', async () => {
    upstream.behave(
      answerJson(JSON.stringify({ models: [{ name: 'models/gemini-pro' }], nextPageToken: 'x' })),
    );
    const base_url = upstream.url.replace('/v1', '');
    const settings = {
      name: 'G',
      type: 'gemini',
      base_url,
      keys: [{ secret: SECRET }],
      models: ['gemini-pro'],
    };
    expect((await call('PUT', '/channels/saved', settings)).status).toBe(200);
    const { body } = await call('GET', '/channels/saved/upstream-models');
    expect(body.data).toMatchObject({ models: ['gemini-pro'], more: true });
    expect(upstream.seen).toMatchObject([
      { url: '/v1beta/models?pageSize=1000', headers: { 'x-goog-api-key': SECRET } },
    ]);
    expect((await call('GET', '/channels/none/upstream-models')).body.code).toBe('channel_not_found');
    expect((await call('GET', '/channels/saved/upstream-models?key_id=zz')).body.code).toBe(
      'channel_invalid',
    );
  });

  it.each([
    ['a page', answerJson('<html>')],
    ['another shape', answerJson('{"data":[{"name":"x"}]}')],
  ])('is no list where %s comes', async (_, behaviour) => {
    upstream.behave(behaviour);
    const { body } = await call('POST', '/channels/try/models', { base_url: upstream.url, key: SECRET });
    expect(body.data).toMatchObject({ outcome: 'failed', models: [] });
  });
});
