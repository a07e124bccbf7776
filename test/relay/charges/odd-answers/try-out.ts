import { expect } from '@jest/globals';
import { channel, KEY, price, startWorld } from '../../support/relay-world.js';
import { type Behaviour, startTestUpstream } from '../../support/test-upstream.js';
import { type Answer, asked, type OddAnswer } from './pieces.js';

/** Those of the figures in docs/charging.md. */
export const RATES = {
  completion_ratio: '4',
  cache_ratio: '0.5',
  cache_write_ratio: '1.25',
  cache_write_1h_ratio: '2',
};

/** How an upstream answers so. */
export const behaviour =
  ({ type, headers, pieces, cut }: Answer): Behaviour =>
  async (response) => {
    response.writeHead(200, { 'content-type': type, ...headers });
    response.flushHeaders();
    for (const piece of pieces) await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    if (cut) setImmediate(() => response.destroy());
    else response.end();
  };

/** One call that is answered so: what the client gets, one charge or none, and nothing held. */
export async function tryOut(odd: OddAnswer): Promise<void> {
  const { type, path, body } = asked[odd.asked];
  const upstreams = await Promise.all(odd.answers.map((answer) => startTestUpstream(behaviour(answer))));
  const world = await startWorld({
    channels: upstreams.map(({ url }, at) =>
      channel(`c${at}`, url, { type, models: ['m', 'dear'], priority: 10 - at, allowed_members: [] }),
    ),
    prices: [price('m', { ...RATES, ...odd.price }), price('dear', { ...RATES, model_ratio: '10' })],
    balance: 100_000_000n,
  });
  try {
    const answer = await fetch(world.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, ...odd.more }),
    });
    const text = await answer.text();
    expect([answer.status, odd.status && text]).toEqual([odd.status ?? 200, odd.status && text]);
    if (odd.shows) expect(text).toContain(odd.shows);
    if (odd.hides) expect(text).not.toContain(odd.hides);
    await world.relay.drain(1_000);
    const [least, most] = typeof odd.quota === 'number' ? [odd.quota, odd.quota] : odd.quota;
    const { charges } = world.settlement;
    expect(charges).toHaveLength(most === 0 ? 0 : 1);
    const [charge] = charges;
    expect(Number(charge?.quota ?? 0)).toBeGreaterThanOrEqual(least);
    expect(Number(charge?.quota ?? 0)).toBeLessThanOrEqual(most);
    if (charge)
      expect([charge.basis, charge.doubt !== undefined]).toEqual([
        odd.basis ?? 'reported',
        odd.isDoubtful ?? false,
      ]);
    expect(await world.held()).toBe(0n);
    expect(world.observed.faults).toEqual([]);
  } finally {
    await world.close();
    await Promise.all(upstreams.map((upstream) => upstream.close()));
  }
}
