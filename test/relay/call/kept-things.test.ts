import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatAccessKey } from '../../../src/domain/token/access-key.js';
import type { Allowance } from '../../../src/domain/channel/allowances.js';
import { eventually } from '../../support/eventually.js';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { type Behaviour, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

const OTHER_ACCOUNT = '6f1c1d2e-0000-4000-8000-000000000002';
const OTHER_KEY = formatAccessKey(new Uint8Array(32).fill(2));
const usage = { input_tokens: 20, output_tokens: 5 };

/** A response whose ids are of the upstream and of how many it has made. */
const responding = (name: string): Behaviour => {
  let made = 0;
  return (response, { url, body }) => {
    if (body['input'] === undefined) {
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ asked: url }));
    }
    const id = `${name}-${++made}`;
    const output = [{ id: `item-${id}`, type: 'message', content: [{ type: 'output_text', text: 'ok' }] }];
    const answer = {
      id: `resp-${id}`,
      object: 'response',
      conversation: { id: `conv-${id}` },
      output,
      usage,
    };
    if (body['stream'] !== true) {
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ ...answer, store: body['store'] ?? true }));
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = { type: 'response.completed', response: answer };
    response.end(`event: response.completed\ndata: ${JSON.stringify(event)}\n\n`);
  };
};

describe('what a call left at upstream', () => {
  let first: TestUpstream;
  let second: TestUpstream;
  let world: World;

  const start = async (allowed: Allowance[] = []) => {
    const settings = { models: ['m'], allowed_members: allowed };
    world = await startWorld({
      // The lot of the tests prefers the first: only what is referred to sends a call to the second.
      channels: [
        channel('first', first.url, { ...settings, priority: 1 }),
        channel('second', second.url, settings),
      ],
      prices: [price('m')],
    });
    const [view] = [...world.state.keys.values()];
    if (!view) throw new Error('no key');
    world.state.keys.set(`hash:${OTHER_KEY}`, { ...view, accountId: OTHER_ACCOUNT, tokenId: 2 });
    world.balances.set(`account:${OTHER_ACCOUNT}`, 10_000_000n);
  };
  beforeEach(async () => {
    first = await startTestUpstream(responding('first'));
    second = await startTestUpstream(responding('second'));
  });
  afterEach(async () => {
    await world.close();
    await Promise.all([first.close(), second.close()]);
  });

  const ask = async (members: object, key = KEY) => {
    const response = await fetch(`${world.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'm', input: 'hi', max_output_tokens: 20, ...members }),
    });
    return { status: response.status, text: await response.text() };
  };
  const about = async (method: string, path: string, key = KEY) => {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${world.url}/v1/responses/${path}`, { method, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  /** Of a response of the second channel, as if the first had been away. */
  const atTheSecond = async () => {
    const [one, two] = world.state.catalogue.channels;
    if (!one || !two) throw new Error('no channels');
    world.state.catalogue = { ...world.state.catalogue, channels: [two] };
    await world.relay.refreshCatalogue();
    expect((await ask({})).status).toBe(200);
    world.state.catalogue = { ...world.state.catalogue, channels: [one, two] };
    await world.relay.refreshCatalogue();
    second.seen.length = 0;
  };

  it.each([
    [{ previous_response_id: 'resp-second-1' }],
    [{ prompt_cache_options: { comparison_response_id: 'resp-second-1' } }],
    [{ conversation: 'conv-second-1' }],
    [{ conversation: { id: 'conv-second-1' } }],
    [{ input: [{ type: 'item_reference', id: 'item-second-1' }] }],
    [{ input: [{ id: 'item-second-1' }] }],
  ])('%j sends its owner to the channel that keeps it', async (members) => {
    await start();
    await atTheSecond();
    expect((await ask(members)).status).toBe(200);
    expect(first.seen).toHaveLength(0);
    expect(second.seen).toHaveLength(1);
  });

  it.each([
    [{ previous_response_id: 'resp-first-1' }],
    [{ prompt_cache_options: { comparison_response_id: 'resp-first-1' } }],
    [{ conversation: { id: 'conv-first-1' } }],
    [{ input: [{ type: 'item_reference', id: 'item-first-1' }] }],
  ])('%j is not there for another account, whatever a channel allows', async (members) => {
    await start(['stored']);
    await ask({});
    const { status, text } = await ask(members, OTHER_KEY);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'reference_not_found' } });
    expect(first.seen).toHaveLength(1);
  });

  it('is known from a stream as well, when the client has its end', async () => {
    await start();
    expect((await ask({ stream: true })).text).toContain('response.completed');
    expect((await ask({ previous_response_id: 'resp-first-1' })).status).toBe(200);
    expect((await ask({ previous_response_id: 'resp-first-1' }, OTHER_KEY)).status).toBe(404);
  });

  it('is asked for from where the client is, not from where a proxy of ours is', async () => {
    await start();
    const key = world.state.keys.get(`hash:${KEY}`);
    if (!key) throw new Error('no key');
    world.state.keys.set(`hash:${KEY}`, { ...key, limits: { ...key.limits, allow_ips: ['10.0.0.0/8'] } });
    world.state.address = '10.1.2.3';
    await ask({});
    expect((await about('GET', 'resp-first-1')).status).toBe(200);
    world.state.address = '192.0.2.1';
    expect((await about('GET', 'resp-first-1')).status).toBe(403);
  });

  it('is known also where its client left before its first word', async () => {
    await start();
    first.behave((response, seen) => {
      if (seen.body['input'] === undefined) return responding('first')(response, seen);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const event = {
        type: 'response.created',
        response: { id: 'resp-left', object: 'response', output: [] },
      };
      response.write(`event: response.created\ndata: ${JSON.stringify(event)}\n\n`);
    });
    const abort = new AbortController();
    const response = await fetch(`${world.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ model: 'm', input: 'hi', max_output_tokens: 20, stream: true }),
      signal: abort.signal,
    });
    await response.body?.getReader().read();
    abort.abort();
    await eventually(() => world.relay.inFlight === 0);
    expect((await about('GET', 'resp-left')).status).toBe(200);
    expect((await about('GET', 'resp-left', OTHER_KEY)).status).toBe(404);
  });

  it('is held with the tokens that it has, in place of what is held for what nobody knows', async () => {
    await start();
    const holdOf = async (members: object) => {
      expect((await ask(members)).status).toBe(200);
      return Number(world.settlement.charges.at(-1)?.hold_quota);
    };
    const plain = await holdOf({});
    const next = await holdOf({ previous_response_id: 'resp-first-1' });
    expect(next - plain).toBeGreaterThanOrEqual(usage.input_tokens + usage.output_tokens);
    expect(next - plain).toBeLessThan(100);
    expect((await holdOf({ conversation: 'conv-first-1' })) - plain).toBeGreaterThan(100_000);
  });

  it('is nothing where it was not to be stored', async () => {
    await start();
    await ask({ store: false });
    await ask({}, OTHER_KEY);
    // It is known to nobody, and so does not go back to where it was made.
    await ask({ previous_response_id: 'resp-first-1' });
    expect(first.seen).toHaveLength(2);
  });

  const unknown = [
    [{ previous_response_id: 'resp-of-nobody' }],
    [{ prompt: { id: 'pmpt-1' } }],
    [{ prompt: { variables: { paper: { type: 'input_file', file_id: 'file-1' } } } }],
    [{ input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] }],
    [{ tools: [{ type: 'function', name: 'f' }], input: [{ type: 'reasoning', id: 'rs-1', summary: [] }] }],
  ] as const;

  it.each(unknown)('%j, known to nobody, goes where no other account has left anything', async (members) => {
    await start();
    await ask({}, OTHER_KEY);
    expect((await ask(members)).status).toBe(200);
    expect(first.seen).toHaveLength(1);
    expect(second.seen).toHaveLength(1);
    // Now the second keeps something of ours, the first something of another: there is no place left for a third.
    expect((await ask(members, OTHER_KEY)).status).toBe(200);
    expect(second.seen).toHaveLength(1);
  });

  it.each(unknown)('%j, known to nobody, is refused where others have left something', async (members) => {
    await start();
    await ask({}, OTHER_KEY);
    world.state.catalogue = {
      ...world.state.catalogue,
      channels: world.state.catalogue.channels.slice(0, 1),
    };
    await world.relay.refreshCatalogue();
    expect((await ask(members)).status).toBe(404);
    expect(first.seen).toHaveLength(1);
    expect(await world.held()).toBe(0n);
  });

  it.each(unknown)('%j, known to nobody, goes where the operator allows it', async (members) => {
    await start(['stored']);
    await ask({}, OTHER_KEY);
    expect((await ask(members)).status).toBe(200);
    expect(first.seen).toHaveLength(2);
  });

  it.each([
    ['GET', '', '/responses/resp-first-1'],
    ['GET', '?include=a&stream=true', '/responses/resp-first-1?include=a'],
    ['GET', '/input_items?limit=2', '/responses/resp-first-1/input_items?limit=2'],
    ['POST', '/cancel', '/responses/resp-first-1/cancel'],
    ['DELETE', '', '/responses/resp-first-1'],
  ])('is asked for by its owner alone, free of charge: %s %s', async (method, below, asked) => {
    await start();
    await ask({});
    const charges = world.settlement.charges.length;
    expect(await about(method, `resp-first-1${below}`, OTHER_KEY)).toMatchObject({ status: 404 });
    expect(first.seen).toHaveLength(1);
    const { status, body } = await about(method, `resp-first-1${below}`);
    expect({ status, body }).toEqual({ status: 200, body: { asked: `/v1${asked}` } });
    expect(first.seen[1]?.headers).toMatchObject({ authorization: 'Bearer upstream-key-first' });
    expect(world.settlement.charges).toHaveLength(charges);
  });

  it('is gone when it was deleted', async () => {
    await start();
    await ask({});
    await ask({}, OTHER_KEY);
    expect((await about('DELETE', 'resp-first-1')).status).toBe(200);
    expect((await about('GET', 'resp-first-1')).status).toBe(404);
  });
});
