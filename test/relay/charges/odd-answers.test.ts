import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { type Behaviour, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';
import { counted } from './odd-answers/counted.js';
import { errors } from './odd-answers/errors.js';
import { lookalikes } from './odd-answers/lookalikes.js';
import { places } from './odd-answers/places.js';
import { surroundings } from './odd-answers/surroundings.js';
import { reports } from './odd-answers/reports.js';
import { shapes } from './odd-answers/shapes.js';
import { units } from './odd-answers/units.js';
import { type Answer, asked } from './odd-answers/pieces.js';

const RATES = { completion_ratio: '4', cache_write_1h_ratio: '2' };

const behaviour =
  ({ type, headers, pieces, cut }: Answer): Behaviour =>
  async (response) => {
    response.writeHead(200, { 'content-type': type, ...headers });
    response.flushHeaders();
    for (const piece of pieces) await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    if (cut) setImmediate(() => response.destroy());
    else response.end();
  };

describe('an odd answer', () => {
  let upstreams: TestUpstream[] = [];
  let world: World | undefined;
  beforeEach(() => {
    upstreams = [];
  });
  afterEach(async () => {
    await world?.close();
    await Promise.all(upstreams.map((upstream) => upstream.close()));
  });

  it.each([reports, counted, units, shapes, errors, lookalikes, places, surroundings].flat())(
    '$what, $asked: is charged once, and rightly',
    async (odd) => {
      const { type, path, body } = asked[odd.asked];
      upstreams = await Promise.all(odd.answers.map((answer) => startTestUpstream(behaviour(answer))));
      world = await startWorld({
        channels: upstreams.map(({ url }, at) =>
          channel(`c${at}`, url, { type, models: ['m', 'dear'], priority: 10 - at, allowed_members: [] }),
        ),
        prices: [price('m', { ...RATES, ...odd.price }), price('dear', { ...RATES, model_ratio: '10' })],
        balance: 100_000_000n,
      });
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
    },
  );
});
