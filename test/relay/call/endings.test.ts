import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { connect } from 'node:net';
import { eventually } from '../../support/eventually.js';
import {
  channel,
  chat,
  HELLO,
  KEY,
  price,
  startWorld,
  type World,
  type WorldOptions,
} from '../support/relay-world.js';
import { delta, DONE, startTestUpstream, stream, type TestUpstream } from '../support/test-upstream.js';

const STREAM = { ...HELLO, stream: true };

describe('the relay as a whole', () => {
  let upstream: TestUpstream;
  let world: World | undefined;
  beforeEach(async () => {
    upstream = await startTestUpstream(stream([delta('Hello'), delta('', 'stop'), DONE]));
  });
  afterEach(async () => {
    await world?.close();
    await upstream.close();
  });
  const start = async (options: Partial<WorldOptions> = {}) =>
    (world = await startWorld({ channels: [channel('one', upstream.url)], ...options }));

  it('drains: refuses new calls, lets those under way finish', async () => {
    const running = await start();
    let finish = () => undefined as void;
    const open = new Promise<void>((resolve) => (finish = resolve));
    upstream.behave(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(delta('Hello'));
      await open;
      response.end(delta('', 'stop') + DONE);
    });
    const response = await chat(running, STREAM);
    const drained = running.relay.drain(10_000);
    expect((await chat(running, HELLO)).status).toBe(503);
    expect(running.relay.inFlight).toBe(1);
    finish();
    await drained;
    expect(await response.text()).toContain('[DONE]');
    expect(running.settlement.charges).toMatchObject([{ ended: 'complete' }]);
  });

  it('drains: what does not finish in time is broken off and settled as delivered', async () => {
    const running = await start();
    upstream.behave((response, request) =>
      request.body['stream'] === true ? stream([delta('Hello')], 'hang')(response, request) : undefined,
    );
    const response = await chat(running, STREAM);
    const whole = chat(running, HELLO);
    await eventually(() => upstream.seen.length === 2);
    await running.relay.drain(100);
    expect(running.relay.inFlight).toBe(0);
    expect(await response.text()).toContain('shutting_down');
    expect((await whole).status).toBe(503);
    expect(running.settlement.charges).toMatchObject([
      { ended: 'upstream-cut', usage: { completion_tokens: 1 } },
    ]);
    expect(await running.held()).toBe(0n);
  });

  const saying = (choice: object) => `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`;
  const whole = { role: 'assistant', content: 'All is well.' };
  it.each([
    ['a message', [saying({ message: whole })]],
    ['a message beside an empty delta', [saying({ delta: {}, message: whole })]],
    [
      'a message at the end of what came piece by piece',
      [delta('All is well.'), saying({ delta: {}, message: whole })],
    ],
  ])('an answer whose chunks have %s is paid for, once', async (_what, chunks) => {
    const running = await start();
    upstream.behave(stream([...chunks, DONE]));
    expect(await (await chat(running, STREAM)).text()).toContain('All is well.');
    expect(running.settlement.charges).toMatchObject([{ usage: { completion_tokens: 4 } }]);
    expect(await running.held()).toBe(0n);
  });

  it('a large prompt that must be counted is parsed in turns for that, too', async () => {
    const running = await start({ balance: 10_000_000n });
    upstream.behave(stream([delta('All is well.'), delta('', 'stop'), DONE]));
    const content = 'All is well in the world. '.repeat(40_000);
    // The upstream of these tests does not parse what does not begin with a brace.
    const body = ` ${JSON.stringify({ ...STREAM, messages: [{ role: 'user', content }] })}`;
    const parse = jest.spyOn(JSON, 'parse');
    try {
      const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
      const answer = await fetch(`${running.url}/v1/chat/completions`, { method: 'POST', headers, body });
      expect(await answer.text()).toContain('All is well.');
      const longest = Math.max(...parse.mock.calls.map(([text]) => String(text).length));
      expect(longest).toBeLessThan(body.length / 2);
    } finally {
      parse.mockRestore();
    }
    expect(running.settlement.charges[0]?.usage.prompt_tokens).toBeGreaterThan(100_000);
  });

  it('a client that takes nothing slows upstream down, and after the deadline has gone', async () => {
    const running = await start({ settings: { clientStallTimeoutMs: 300 } });
    let written = 0;
    upstream.behave(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const piece = delta('x'.repeat(60_000));
      while (!response.destroyed && written < 2_000) {
        written++;
        if (!response.write(piece))
          await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
      }
    });
    const { port } = new URL(running.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    const body = JSON.stringify(STREAM);
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    socket.pause();
    await eventually(() => running.settlement.charges.length === 1, { timeoutMs: 15_000 });
    expect(written).toBeLessThan(1_000);
    expect(running.settlement.charges[0]?.ended).toBe('client-closed');
    socket.destroy();
  });

  it('lists the models that have a price and a channel for the key, and no others', async () => {
    const running = await start({
      prices: ['a', 'b', 'c', 'd'].map((model) => price(model)),
      channels: [
        channel('one', upstream.url, { models: ['b', 'a', 'no-price'] }),
        channel('two', upstream.url, { models: ['c'], groups: ['other'] }),
        { ...channel('three', upstream.url, { models: ['d'] }), enabled: false },
      ],
    });
    const headers = { authorization: `Bearer ${KEY}` };
    const list = async () => {
      const body = (await (await fetch(`${running.url}/v1/models`, { headers })).json()) as {
        data: { id: string; object: string }[];
      };
      return body.data.map(({ id, object }) => `${object} ${id}`);
    };
    expect(await list()).toEqual(['model a', 'model b']);
    running.state.catalogue = { ...running.state.catalogue, channels: [] };
    await running.relay.refreshCatalogue();
    expect(await list()).toEqual([]);
    expect((await fetch(`${running.url}/v1/models/a`, { headers })).status).toBe(404);
    expect((await fetch(`${running.url}/v1/models`)).status).toBe(401);
  });

  it('a channel that has just been added is found by the call that needs it', async () => {
    const running = await start({ channels: [], settings: { catalogueRefreshMs: 60_000 } });
    running.state.catalogue = { ...running.state.catalogue, channels: [channel('one', upstream.url)] };
    await eventually(async () => (await chat(running, STREAM)).status === 200);
  });

  it('a channel whose key cannot be opened is left out, loudly', async () => {
    const running = await start({
      channels: [channel('bad', upstream.url, { priority: 9 }), channel('good', upstream.url)],
      dependencies: {
        openSecret: ({ box }) => {
          const key = Buffer.from(box, 'base64').toString();
          if (key.endsWith('bad')) throw new Error('sealed under another key');
          return key;
        },
      },
    });
    await (await chat(running, STREAM)).text();
    expect(running.settlement.charges).toMatchObject([{ channel_id: 'good' }]);
    expect(running.observed.faults).toMatchObject([['catalogue bad', expect.any(Error)]]);
  });
});
