import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { channel, chat, HELLO, startWorld, type World } from '../support/relay-world.js';
import {
  answerJson,
  delta,
  DONE,
  frame,
  startTestUpstream,
  stream,
  type TestUpstream,
  usageChunk,
} from '../support/test-upstream.js';

const STREAM = { ...HELLO, stream: true };
const ROLE = frame({
  choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
});
const WORDS = [ROLE, delta('Hello'), delta(' there')];
const FINISH = delta('', 'stop');
const USAGE = usageChunk({ prompt_tokens: 9, completion_tokens: 4 });

describe('a streamed answer', () => {
  let upstream: TestUpstream;
  let world: World;
  beforeEach(async () => {
    upstream = await startTestUpstream(stream([...WORDS, FINISH, USAGE, DONE]));
    world = await startWorld({ channels: [channel('one', upstream.url)], settings: { tailTimeoutMs: 300 } });
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    expect(world.openHolds.size).toBe(0);
    expect(world.observed.faults).toEqual([]);
    await world.close();
    await upstream.close();
  });

  it('goes through frame by frame, with the usage chunk hidden from a client that did not ask', async () => {
    const response = await chat(world, STREAM);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    expect(await response.text()).toBe([...WORDS, FINISH, DONE].join(''));
    expect(upstream.seen[0]?.body['stream_options']).toEqual({ include_usage: true });
    expect(world.settlement.charges).toMatchObject([
      { quota: 13n, basis: 'reported', ended: 'complete', streamed: true, upstream_request_id: 'upstream-7' },
    ]);
  });

  it('shows the usage chunk to a client that asked, and then leaves the body as it came', async () => {
    const response = await chat(world, { ...STREAM, stream_options: { include_usage: true } });
    expect(await response.text()).toBe([...WORDS, FINISH, USAGE, DONE].join(''));
    expect(upstream.seen[0]?.raw.toString()).toBe(
      JSON.stringify({ ...STREAM, stream_options: { include_usage: true } }),
    );
  });

  it('keeps the finish back until the charge is durable', async () => {
    let open = () => undefined as void;
    world.settlement.gate = new Promise<void>((resolve) => (open = resolve));
    const response = await chat(world, STREAM);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    const read = async () => {
      const { done, value } = await reader.read();
      text += Buffer.from(value ?? []).toString();
      return done;
    };
    while (!text.includes('there')) await read();
    await eventually(() => world.settlement.asked === 1);
    expect(text).toBe(WORDS.join(''));
    open();
    while (!(await read()));
    expect(text).toBe([...WORDS, FINISH, DONE].join(''));
  });

  it('counts over a usage of zero, for a zero proves nothing', async () => {
    upstream.behave(stream([...WORDS, FINISH, usageChunk({ prompt_tokens: 0, completion_tokens: 0 }), DONE]));
    await (await chat(world, STREAM)).text();
    const [zero] = world.settlement.charges;
    upstream.behave(stream([...WORDS, FINISH, DONE]));
    await (await chat(world, STREAM)).text();
    const [, none] = world.settlement.charges;
    expect(zero?.quota).toBeGreaterThan(0n);
    expect(zero).toMatchObject({ quota: none?.quota, usage: none?.usage, basis: 'counted' });
  });

  it('is counted when upstream reports no usage', async () => {
    upstream.behave(stream([...WORDS, FINISH, DONE]));
    expect(await (await chat(world, STREAM)).text()).toContain('[DONE]');
    const [charge] = world.settlement.charges;
    expect(charge).toMatchObject({ basis: 'counted', ended: 'complete' });
    expect(charge?.usage.completion_tokens).toBe(2);
    expect(charge?.usage.prompt_tokens).toBeGreaterThan(0);
  });

  it('is counted, and the report flagged, when the usage cannot be true', async () => {
    for (const completion_tokens of [-5, 1e12, 1.5]) {
      upstream.behave(stream([...WORDS, FINISH, usageChunk({ prompt_tokens: 9, completion_tokens }), DONE]));
      await (await chat(world, STREAM)).text();
      expect(world.settlement.charges.at(-1)).toMatchObject({ basis: 'counted', ended: 'complete' });
    }
    expect(world.observed.refused).toHaveLength(3);
  });

  it('cut by upstream is charged as delivered, and ends with an error, not with a false [DONE]', async () => {
    upstream.behave(stream(WORDS, 'destroy'));
    const text = await (await chat(world, STREAM)).text();
    expect(text.startsWith(WORDS.join(''))).toBe(true);
    expect(text).toContain('"code":"upstream_unavailable"');
    expect(text).not.toContain('[DONE]');
    expect(world.settlement.charges).toMatchObject([
      { basis: 'counted', ended: 'upstream-cut', usage: { completion_tokens: 2 } },
    ]);
  });

  it('ended by upstream without a finish is cut all the same', async () => {
    upstream.behave(stream(WORDS, 'end'));
    expect(await (await chat(world, STREAM)).text()).not.toContain('[DONE]');
    expect(world.settlement.charges).toMatchObject([{ ended: 'upstream-cut' }]);
  });

  it('passes an error that upstream sends in mid-stream on', async () => {
    const error = frame({ error: { message: 'overloaded', type: 'server_error', code: null } });
    upstream.behave(stream([...WORDS, error]));
    expect(await (await chat(world, STREAM)).text()).toBe([...WORDS, error].join(''));
    expect(world.settlement.charges).toMatchObject([{ ended: 'upstream-cut', basis: 'counted' }]);
  });

  it('cut before a word was delivered costs nothing', async () => {
    upstream.behave(stream([ROLE], 'destroy'));
    expect(await (await chat(world, STREAM)).text()).toContain('upstream_unavailable');
    expect(world.settlement.charges).toHaveLength(0);
    expect(world.settlement.failures).toMatchObject([{ stage: 'upstream', status: 502, channel_id: 'one' }]);
  });

  it('that never begins is a clean 502', async () => {
    upstream.behave(stream([], 'destroy'));
    const response = await chat(world, STREAM);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_unavailable' } });
    expect(world.settlement.charges).toHaveLength(0);
  });

  it('that begins with an error of upstream is that error, as JSON', async () => {
    upstream.behave(stream([frame({ error: { message: 'slow down', code: 429 } })]));
    const response = await chat(world, STREAM);
    expect(response.status).toBe(429);
    expect(await response.json()).toEqual({ error: { message: 'slow down', code: 429 } });
  });

  it('asked for and answered whole is not what it should be', async () => {
    upstream.behave(answerJson('{"choices":[]}'));
    expect((await chat(world, STREAM)).status).toBe(502);
  });

  it('whose client hangs up breaks upstream off at once and is charged as delivered', async () => {
    upstream.behave(stream(WORDS, 'hang'));
    const abort = new AbortController();
    const response = await chat(world, STREAM, { signal: abort.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (!text.includes('there')) text += Buffer.from((await reader.read()).value ?? []).toString();
    abort.abort();
    await eventually(() => world.settlement.charges.length === 1 && upstream.aborted === 1);
    expect(world.settlement.charges).toMatchObject([
      { basis: 'counted', ended: 'client-closed', usage: { completion_tokens: 2 } },
    ]);
    await eventually(() => world.relay.inFlight === 0);
  });

  it('whose client hangs up before a word was delivered costs the prompt that upstream has', async () => {
    upstream.behave(stream([], 'hang'));
    const abort = new AbortController();
    const call = chat(world, STREAM, { signal: abort.signal });
    await eventually(() => upstream.seen.length === 1);
    abort.abort();
    await expect(call).rejects.toThrow();
    await eventually(() => world.settlement.charges.length === 1 && upstream.aborted === 1);
    expect(world.settlement.charges).toMatchObject([
      { ended: 'client-closed', basis: 'counted', usage: { completion_tokens: 0 } },
    ]);
  });

  it('with a finish but no end is settled when the end does not come in time', async () => {
    upstream.behave(stream([...WORDS, FINISH], 'hang'));
    expect(await (await chat(world, STREAM)).text()).toBe([...WORDS, FINISH].join(''));
    expect(world.settlement.charges).toMatchObject([{ ended: 'complete', basis: 'counted' }]);
  });
});
