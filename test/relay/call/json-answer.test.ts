import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { channel, chat, HELLO, startWorld, type World } from '../support/relay-world.js';
import { answerJson, completion, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

describe('a JSON answer', () => {
  let upstream: TestUpstream;
  let world: World;
  beforeEach(async () => {
    upstream = await startTestUpstream(
      answerJson(completion('hi', { prompt_tokens: 14, completion_tokens: 18 }), 200, {
        'x-request-id': 'up-1',
      }),
    );
    world = await startWorld({ channels: [channel('one', upstream.url)] });
  });
  afterEach(async () => {
    await world.close();
    await upstream.close();
  });

  it('comes after its charge is durable, byte for byte, with the charge in a header', async () => {
    const response = await chat(world, HELLO);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(
      completion('hi', { prompt_tokens: 14, completion_tokens: 18 }).toString(),
    );
    expect(response.headers.get('x-counterfoil-charge')).toBe('32');
    expect(response.headers.get('x-request-id')).toBe('req-1');
    expect(world.settlement.charges).toMatchObject([
      {
        request_id: 'req-1',
        model: 'gpt-test',
        quota: 32n,
        basis: 'reported',
        ended: 'complete',
        channel_id: 'one',
        upstream_request_id: 'up-1',
        price_version: 3,
        overshoot_quota: 0n,
        usage: { prompt_tokens: 14, completion_tokens: 18, cached_tokens: 0, cache_write_tokens: 0 },
      },
    ]);
    expect(await world.held()).toBe(0n);
    expect(world.openHolds.size).toBe(0);
  });

  it('reaches upstream with the body untouched and the channel key, and nothing of the client', async () => {
    const text =
      '{ "messages":[{"role":"user","content":"h\\u00e9"}],\n "model": "gpt-test" , "temperature":1.0}';
    await chat(world, text, { headers: { 'x-secret': 'client', cookie: 'a=b' } });
    expect(upstream.seen[0]?.raw.toString()).toBe(text);
    expect(upstream.seen[0]?.headers.authorization).toBe('Bearer upstream-key-one');
    expect(upstream.seen[0]?.headers['x-secret']).toBeUndefined();
    expect(upstream.seen[0]?.headers.cookie).toBeUndefined();
  });

  it('is not sent before the charge is durable', async () => {
    let open = () => undefined as void;
    world.settlement.gate = new Promise<void>((resolve) => (open = resolve));
    let answered = false;
    const call = chat(world, HELLO).then((response) => {
      answered = true;
      return response;
    });
    while (world.settlement.asked === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(answered).toBe(false);
    open();
    expect((await call).status).toBe(200);
  });

  it('is withheld, and costs nothing, when neither log nor spool takes the charge', async () => {
    world.settlement.mode = 'broken';
    const response = await chat(world, HELLO);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: 'ledger_unavailable' } });
    expect(world.settlement.charges).toHaveLength(0);
    expect(await world.held()).toBe(0n);
  });
});
