import { afterEach, describe, expect, it } from '@jest/globals';
import { convertibleProtocols as protocols } from '../../../src/domain/channel/conversion.js';
import { eventually } from '../../support/eventually.js';
import { messageStart } from '../support/anthropic-shapes.js';
import { asking } from '../support/asking.js';
import { KEY, startWorld, type World, type WorldOptions } from '../support/relay-world.js';
import { speakingChannel } from '../support/speaking-upstream.js';
import { speakers } from '../support/spoken-answers.js';
import { frame, startTestUpstream, stream, type TestUpstream } from '../support/test-upstream.js';

type Protocol = (typeof protocols)[number];
/** Of an answer, the frames before its end: it is opened, and some words have come. */
const begun = (protocol: Protocol): readonly string[] =>
  speakers[protocol].pieces({ text: 'xyz one two three four five six seven eight' }).slice(0, 8);
const created = { type: 'response.created', response: { id: 'resp_1', output: [] } };
/** The same where upstream has told of a prompt of 500 tokens first. */
const opening: Readonly<Record<Protocol, string>> = {
  messages: messageStart({ input_tokens: 500, output_tokens: 1 }),
  chat: frame({ id: 'c', choices: [], usage: { prompt_tokens: 500, completion_tokens: 0 } }),
  responses: frame({
    ...created,
    response: { ...created.response, usage: { input_tokens: 500, output_tokens: 0 } },
  }),
  generate: frame({
    candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'xyz' }] } }],
    usageMetadata: { promptTokenCount: 500, totalTokenCount: 500 },
  }),
};
const told = (protocol: Protocol): readonly string[] => [opening[protocol], ...begun(protocol).slice(1)];

const pairs = protocols.flatMap((client) => protocols.map((upstream) => [client, upstream] as const));

describe.each(pairs)('a client of %s that hangs up on an upstream of %s', (client, protocol) => {
  let upstream: TestUpstream;
  let world: World;
  afterEach(async () => {
    await eventually(() => world.relay.inFlight === 0);
    expect(await world.held()).toBe(0n);
    expect(world.openHolds.size).toBe(0);
    expect(world.observed.faults).toEqual([]);
    await world.close();
    await upstream.close();
  });

  /** Leaves when upstream has the request, or when the first words have come. */
  const left = async (
    pieces: readonly string[] | undefined,
    { streamed, ...options }: { streamed: boolean } & Partial<WorldOptions>,
  ) => {
    upstream = await startTestUpstream(pieces ? stream(pieces, 'hang') : () => undefined);
    world = await startWorld({ channels: [speakingChannel('one', protocol, upstream)], ...options });
    const abort = new AbortController();
    const [path, body] = asking[client](streamed);
    const answer = fetch(world.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: abort.signal,
    }).catch(() => undefined);
    await eventually(() => upstream.seen.length === 1);
    if (pieces) {
      const reader = ((await answer)?.body as ReadableStream<Uint8Array>).getReader();
      for (let text = ''; !text.includes('xyz');) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`the answer ended after ${text}`);
        text += Buffer.from(value).toString();
      }
    }
    abort.abort();
    await eventually(() => upstream.aborted === 1);
    await eventually(() => world.settlement.charges.length + world.settlement.failures.length === 1);
    const [charge] = world.settlement.charges;
    if (charge) expect(charge.ended).toBe('client-closed');
    return charge?.usage;
  };
  /** The prompt is two words in what each dialect puts around them. */
  const expectCounted = (tokens = 0) => {
    expect(tokens).toBeGreaterThan(0);
    expect(tokens).toBeLessThan(40);
  };

  it.each([false, true])('before the answer pays the prompt, counted (streamed: %s)', async (streamed) => {
    const usage = await left(undefined, { streamed });
    expectCounted(usage?.prompt_tokens);
    expect(usage?.completion_tokens).toBe(0);
  });

  it.each([false, true])(
    'then pays nothing where only what was delivered is paid for (%s)',
    async (streamed) => {
      expect(await left(undefined, { streamed, settings: { abortCharge: 'delivered' } })).toBeUndefined();
    },
  );

  it('amid the answer pays the prompt as reported, else counted, and what it has got', async () => {
    const usage = await left(begun(protocol), { streamed: true });
    // Of these only messages begin with a report: 8 and 4 of the cache.
    if (protocol === 'messages') expect(usage).toMatchObject({ prompt_tokens: 12, cached_tokens: 4 });
    else expectCounted(usage?.prompt_tokens);
    expectCounted(usage?.completion_tokens);
  });

  it('amid an answer that began with a report pays the prompt as reported', async () => {
    const usage = await left(told(protocol), { streamed: true });
    expect(usage?.prompt_tokens).toBe(500);
    expectCounted(usage?.completion_tokens);
  });

  it('is counted, and refused in its own dialect after as often as its key may', async () => {
    await left(undefined, { streamed: false, abortsPerMinute: { key: 1, user: 0 } });
    await eventually(() => world.relay.inFlight === 0);
    const [path, body] = asking[client](true);
    const answer = await fetch(world.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringContaining('this access key') },
    });
    expect(upstream.seen).toHaveLength(1);
  });

  it('then pays what it has got alone where only that is paid for', async () => {
    const usage = await left(told(protocol), { streamed: true, settings: { abortCharge: 'delivered' } });
    expect(usage?.prompt_tokens).toBe(0);
    expectCounted(usage?.completion_tokens);
  });
});
