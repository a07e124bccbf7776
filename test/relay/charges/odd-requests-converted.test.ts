import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { convertibleProtocols } from '../../../src/domain/channel/conversion.js';
import { KEY, price, startWorld, type World } from '../support/relay-world.js';
import { speaking, speakingChannel } from '../support/speaking-upstream.js';
import { startTestUpstream, type TestUpstream } from '../support/test-upstream.js';
import { ids } from './odd-requests/ids.js';
import { asked, theirs } from './odd-requests/pieces.js';
import { spellings } from './odd-requests/spellings.js';

const ANOTHER = '6f1c1d2e-0000-4000-8000-000000000002';

describe.each(convertibleProtocols)('an odd request that is converted for an upstream of %s', (protocol) => {
  let upstream: TestUpstream;
  let world: World;
  beforeAll(async () => {
    upstream = await startTestUpstream(speaking(protocol, { text: 'ok' }));
    const settings = { models: ['m', 'secret'], allowed_members: [] };
    world = await startWorld({
      channels: [speakingChannel('one', protocol, upstream, settings)],
      prices: [price('m'), price('secret')],
      limits: { models: ['m'] },
    });
    await world.kept.keep({ accountId: ANOTHER, channelId: 'one', keyId: 'key-1', tokens: 1 }, theirs);
  });
  afterAll(async () => {
    await world.close();
    await upstream.close();
  });

  const others = convertibleProtocols.filter((other) => other !== protocol).map((other) => asked[other][0]);
  const rows = [...spellings, ...ids].filter(
    (odd) => odd.price === undefined && others.includes(odd.path as never),
  );

  it.each(rows)(
    '$what: is refused as in its own dialect, or charged once',
    async ({ path, body, status }) => {
      const before = world.settlement.charges.length;
      upstream.seen.length = 0;
      const answer = await fetch(world.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      });
      await answer.text();
      const passed = status === 200 ? 1 : 0;
      // What one provider keeps cannot be converted for another, whoever it belongs to.
      expect([status, 400]).toContain(answer.status);
      expect(answer.ok).toBe(passed === 1);
      expect([upstream.seen.length, world.settlement.charges.length - before]).toEqual([passed, passed]);
      expect(await world.held()).toBe(0n);
      expect(world.observed.faults).toEqual([]);
    },
  );
});
