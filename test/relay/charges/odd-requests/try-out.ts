import { expect } from '@jest/globals';
import { generated, good, google, json, message, response, tokens } from '../odd-answers/pieces.js';
import { channel, KEY, price, startWorld } from '../../support/relay-world.js';
import { startTestUpstream } from '../../support/test-upstream.js';
import { type OddRequest, theirs } from './pieces.js';

const ANOTHER = '6f1c1d2e-0000-4000-8000-000000000002';
const TYPES = ['openai', 'anthropic', 'gemini'] as const;

/** A good answer in the dialect of the path. */
export function answerTo(url: string): string {
  const answer = url.includes('/messages')
    ? message(tokens(10, 5))
    : url.includes(':generate')
      ? json(generated(google(10, 5)))
      : url.includes('/responses')
        ? json(response(tokens(10, 5)))
        : good;
  return String(answer.pieces[0]);
}

/** One call by a key that may ask `m` alone: what it is refused with, or that it is charged; nothing held, and no fault. */
export async function tryOut({
  path,
  body,
  headers = {},
  status,
  names = '',
  ...odd
}: OddRequest): Promise<void> {
  const upstream = await startTestUpstream((answer, { url }) => {
    answer.writeHead(200, { 'content-type': 'application/json' });
    answer.end(answerTo(url));
  });
  const models = ['m', 'secret'];
  const world = await startWorld({
    channels: TYPES.map((type) => channel(type, upstream.url, { type, models, allowed_members: [] })),
    prices: [price('m', odd.price), price('secret')],
    limits: { models: ['m'] },
  });
  try {
    for (const channelId of TYPES)
      await world.kept.keep({ accountId: ANOTHER, channelId, keyId: 'key-1', tokens: 1 }, theirs);
    const answer = await fetch(world.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
    const text = await answer.text();
    expect([answer.status, text]).toEqual([status, expect.stringContaining(names)]);
    await world.relay.drain(1_000);
    const passed = status === 200 ? 1 : 0;
    expect([upstream.seen.length, world.settlement.charges.length]).toEqual([passed, passed]);
    expect(await world.held()).toBe(0n);
    expect(world.observed.faults).toEqual([]);
  } finally {
    await world.close();
    await upstream.close();
  }
}
