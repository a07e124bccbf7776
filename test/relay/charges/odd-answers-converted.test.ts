import { describe, expect, it } from '@jest/globals';
import { type ConvertibleProtocol, convertibleProtocols } from '../../../src/domain/channel/conversion.js';
import { asking } from '../support/asking.js';
import { KEY, price, startWorld } from '../support/relay-world.js';
import { speakingChannel } from '../support/speaking-upstream.js';
import { startTestUpstream } from '../support/test-upstream.js';
import { oddAnswers } from './odd-answers/all.js';
import type { Asked, OddAnswer } from './odd-answers/pieces.js';
import { behaviour, RATES } from './odd-answers/try-out.js';

const protocols: Readonly<Partial<Record<Asked, ConvertibleProtocol>>> = {
  chat: 'chat',
  responses: 'responses',
  messages: 'messages',
  generate: 'generate',
  generated: 'generate',
  listed: 'generate',
};
/** Prompts of the dialects are not the same, to so many tokens, where they are counted. */
const APART = 12;

interface Row extends Pick<OddAnswer, 'what' | 'answers' | 'price' | 'quota' | 'basis' | 'isDoubtful'> {
  readonly upstream: ConvertibleProtocol;
  readonly client: ConvertibleProtocol;
  readonly streamed: boolean;
}

function* rows(): Generator<Row> {
  for (const { asked, more = {}, ...odd } of oddAnswers) {
    const upstream = protocols[asked];
    // Members that a request has for it are of its own dialect.
    if (!upstream || Object.keys(more).some((name) => name !== 'stream')) continue;
    const streamed = asked === 'generated' || asked === 'listed' || 'stream' in more;
    for (const client of convertibleProtocols)
      if (client !== upstream) yield { ...odd, upstream, client, streamed };
  }
}

describe('an odd answer to a client of another dialect', () => {
  it.each([...rows()])(
    '$what, of $upstream, streamed: $streamed, to $client: is charged as it is in its own',
    async ({ upstream: protocol, client, streamed, ...odd }) => {
      const upstreams = await Promise.all(odd.answers.map((answer) => startTestUpstream(behaviour(answer))));
      const models = ['gpt-test', 'dear'];
      const world = await startWorld({
        channels: upstreams.map((upstream, at) =>
          speakingChannel(`c${at}`, protocol, upstream, { models, priority: 10 - at }),
        ),
        prices: [
          price('gpt-test', { ...RATES, ...odd.price }),
          price('dear', { ...RATES, model_ratio: '10' }),
        ],
        balance: 100_000_000n,
      });
      try {
        const [path, body] = asking[client](streamed);
        const answer = await fetch(world.url + path, {
          method: 'POST',
          headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        await answer.text();
        await world.relay.drain(1_000);
        const { basis = 'reported', isDoubtful = false } = odd;
        const [least, most] = typeof odd.quota === 'number' ? [odd.quota, odd.quota] : odd.quota;
        const charges = world.settlement.charges.map((charge) => ({
          basis: charge.basis,
          isDoubtful: charge.doubt !== undefined,
        }));
        expect(charges).toEqual(most === 0 ? [] : [{ basis, isDoubtful }]);
        const quota = Number(world.settlement.charges[0]?.quota ?? 0);
        expect(quota).toBeGreaterThanOrEqual(least - (basis === 'reported' ? 0 : APART));
        expect(quota).toBeLessThanOrEqual(most);
        expect(await world.held()).toBe(0n);
        expect(world.observed.faults).toEqual([]);
      } finally {
        await world.close();
        await Promise.all(upstreams.map((upstream) => upstream.close()));
      }
    },
  );
});
