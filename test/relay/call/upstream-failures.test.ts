import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';
import { channel, chat, HELLO, startWorld, type World } from '../support/relay-world.js';
import {
  answerJson,
  type Behaviour,
  completion,
  startTestUpstream,
  type TestUpstream,
} from '../support/test-upstream.js';

const GOOD = answerJson(completion('hi', { prompt_tokens: 1, completion_tokens: 1 }));
const ERROR = { error: { message: 'slow down', type: 'rate_limit', param: null, code: 'limit' } };
const html: Behaviour = (response) => {
  response.writeHead(502, { 'content-type': 'text/html' });
  response.end('<html>Bad gateway</html>');
};
const truncated: Behaviour = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 500 });
  response.write('{"choices":[{"mess');
  setTimeout(() => response.destroy(), 20);
};

describe('an upstream that fails', () => {
  let first: TestUpstream;
  let second: TestUpstream;
  let world: World;
  beforeEach(async () => {
    first = await startTestUpstream(GOOD);
    second = await startTestUpstream(GOOD);
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    expect(world.openHolds.size).toBe(0);
    await world.close();
    await first.close();
    await second.close();
  });
  const alone = async (settings = {}) => {
    world = await startWorld({ channels: [channel('one', first.url)], settings });
  };
  const both = async (settings = {}) => {
    const channels = [channel('one', first.url, { priority: 1 }), channel('two', second.url)];
    world = await startWorld({ channels, settings });
  };

  it.each([
    [429, ERROR, { 'retry-after': '7' }],
    [400, ERROR, {}],
    [500, ERROR, {}],
    [503, ERROR, {}],
  ])('with an error object: %i passes through with it', async (status, body, headers) => {
    await alone();
    first.behave(answerJson(JSON.stringify(body), status, headers));
    const response = await chat(world, HELLO);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
    expect(response.headers.get('retry-after')).toBe(
      (headers as Record<string, string>)['retry-after'] ?? null,
    );
    expect(world.settlement.charges).toHaveLength(0);
    expect(world.settlement.failures).toMatchObject([{ stage: 'upstream', status, channel_id: 'one' }]);
  });

  it.each<[string, Behaviour]>([
    ['HTML', html],
    ['an empty body', answerJson('')],
    ['an empty error', answerJson('', 500)],
    ['JSON null', answerJson('null', 500)],
    ['an error that is null', answerJson('{"error":null}', 500)],
    ['an error that is text', answerJson('{"error":"no"}', 500)],
    ['an error without an error object', answerJson('{"detail":"no"}', 400)],
    ['200 without choices', answerJson('{"ok":true}')],
    ['a redirect', answerJson('', 302, { location: 'http://127.0.0.1:1/' })],
    ['a truncated answer', truncated],
    ['a reset', (response) => void response.destroy()],
    ['its own key in an error', answerJson('{"error":{"message":"bad key upstream-key-one"}}', 401)],
  ])('with %s is a clean 502 that does not name it', async (_what, behaviour) => {
    await alone();
    first.behave(behaviour);
    const response = await chat(world, HELLO);
    const text = await response.text();
    expect(response.status).toBe(502);
    expect(JSON.parse(text)).toMatchObject({
      error: { code: 'upstream_unavailable', type: 'upstream_error', param: null },
    });
    expect(text).not.toMatch(/127\.0\.0\.1|upstream-key/);
    expect(world.settlement.charges).toHaveLength(0);
    expect(world.settlement.failures).toMatchObject([{ stage: 'upstream', status: 502 }]);
    expect(world.observed.faults).toEqual([]);
  });

  it.each<[string, Behaviour]>([
    ['429', answerJson(JSON.stringify(ERROR), 429)],
    ['500', answerJson(JSON.stringify(ERROR), 500)],
    ['HTML', html],
    ['a reset', (response) => void response.destroy()],
    ['a truncated answer', truncated],
  ])('with %s is followed by the next channel', async (_what, behaviour) => {
    await both();
    first.behave(behaviour);
    expect((await chat(world, HELLO)).status).toBe(200);
    expect(world.settlement.charges).toMatchObject([{ channel_id: 'two' }]);
  });

  it('with 400 is not followed by the next channel: the request is at fault', async () => {
    await both();
    first.behave(answerJson(JSON.stringify(ERROR), 400));
    expect((await chat(world, HELLO)).status).toBe(400);
    expect(second.seen).toHaveLength(0);
  });

  it('is tried no more than so many times', async () => {
    const channels = ['a', 'b', 'c', 'd'].map((id) => channel(id, first.url));
    world = await startWorld({ channels, settings: { maxAttempts: 2 } });
    first.behave(html);
    expect((await chat(world, HELLO)).status).toBe(502);
    expect(first.seen).toHaveLength(2);
  });

  it('that cannot be reached is a 502, and the next one answers', async () => {
    const free = await freePort();
    const channels = [
      channel('dead', `http://127.0.0.1:${free}`, { priority: 1 }),
      channel('two', second.url),
    ];
    world = await startWorld({ channels });
    expect((await chat(world, HELLO)).status).toBe(200);
    world.state.catalogue = { ...world.state.catalogue, channels: channels.slice(0, 1) };
    await world.relay.refreshCatalogue();
    expect((await chat(world, HELLO)).status).toBe(502);
  });

  it('that says nothing is a 504 after the deadline', async () => {
    await alone({ answerTimeoutMs: 300, firstByteTimeoutMs: 300 });
    first.behave(() => undefined);
    const answers = await Promise.all([chat(world, HELLO), chat(world, { ...HELLO, stream: true })]);
    expect(answers.map(({ status }) => status)).toEqual([504, 504]);
  });

  it('whose client hangs up is broken off, and the prompt that it has is charged', async () => {
    await alone();
    first.behave(() => undefined);
    const abort = new AbortController();
    const call = chat(world, HELLO, { signal: abort.signal });
    await eventually(() => first.seen.length === 1);
    abort.abort();
    await expect(call).rejects.toThrow();
    await eventually(() => world.settlement.charges.length === 1 && first.aborted === 1);
    expect(world.settlement.charges).toMatchObject([
      { ended: 'client-closed', basis: 'counted', usage: { completion_tokens: 0 } },
    ]);
    expect(world.settlement.failures).toHaveLength(0);
    expect(world.observed.ends).toMatchObject([{ status: 499, code: 'client_closed' }]);
  });

  it('with an answer larger than allowed is a 502', async () => {
    await alone({ maxAnswerBytes: 1_000 });
    first.behave(answerJson(completion('x'.repeat(5_000))));
    expect((await chat(world, HELLO)).status).toBe(502);
  });
});
