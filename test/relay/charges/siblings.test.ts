import { describe, expect, it } from '@jest/globals';
import {
  type ConvertibleProtocol,
  convertibleProtocols as protocols,
} from '../../../src/domain/channel/conversion.js';
import type { Price } from '../../../src/domain/pricing/price.js';
import { asking } from '../support/asking.js';
import { KEY, price, startWorld } from '../support/relay-world.js';
import { speakingChannel } from '../support/speaking-upstream.js';
import { startTestUpstream } from '../support/test-upstream.js';
import { pieces, type Use, whole } from './siblings/spoken.js';

/** What every upstream may report, and what is charged for it: through every client, whole and streamed, in its own dialect and converted. */
interface Situation {
  readonly what: string;
  /** One after the other where it is streamed; the last alone where it is whole. None: nothing is told. */
  readonly uses: readonly Use[];
  readonly charged: number | readonly [least: number, most: number];
  readonly basis?: 'counted';
  readonly price?: Partial<Price>;
  /** Upstreams that can say so; all where none is named. */
  readonly of?: readonly ConvertibleProtocol[];
  readonly streamedOnly?: true;
  /** What becomes of the frames on their way. */
  readonly written?: (stream: string) => string;
}

/** A prompt of two words, and three words of output at 4, as they are counted here. */
const COUNTED = [12, 60] as const;
const THINKING = ['chat', 'responses', 'generate'] as const;
const plain = [{ prompt: 100, output: 10 }];

/** Of a report in parts. */
const part = (type: string, input_tokens: number, output_tokens: number) => ({
  type,
  input_tokens,
  output_tokens,
});

const situations: readonly Situation[] = [
  { what: 'a report', uses: plain, charged: 140 },
  { what: 'zeros', uses: [{ prompt: 0, output: 0 }], charged: COUNTED, basis: 'counted' },
  { what: 'no output', uses: [{ prompt: 100, output: 0 }], charged: [108, 140], basis: 'counted' },
  { what: 'no prompt', uses: [{ prompt: 0, output: 10 }], charged: [42, 70], basis: 'counted' },
  {
    what: 'zeros after a report',
    uses: [...plain, { prompt: 0, output: 0 }],
    charged: 140,
    streamedOnly: true,
  },
  { what: 'the same twice', uses: [...plain, ...plain], charged: 140, streamedOnly: true },
  { what: 'nothing', uses: [], charged: COUNTED, basis: 'counted' },
  { what: 'cached tokens', uses: [{ prompt: 1_000, cached: 800, output: 10 }], charged: 640 },
  {
    what: 'thoughts within',
    uses: [{ prompt: 10, output: 300, thoughts: 200 }],
    charged: 1_210,
    of: THINKING,
  },
  {
    what: 'thoughts beside',
    uses: [{ prompt: 10, output: 20, thoughts: 30, isBeside: true }],
    charged: 210,
    of: THINKING,
  },
  { what: 'much, that is true', uses: [{ prompt: 180_000, output: 5 }], charged: 180_020 },
  {
    what: 'more than the window',
    uses: [{ prompt: 180_000, output: 5 }],
    price: { context_window: 100_000 },
    charged: COUNTED,
    basis: 'counted',
  },
  { what: 'a fraction', uses: [{ prompt: 10.5, output: 5 }], charged: COUNTED, basis: 'counted' },
  {
    what: 'searches by its usage',
    uses: [{ ...plain[0], prompt: 100, output: 10, searches: 2 }],
    price: { per_search_usd: '0.01' },
    charged: 10_140,
    of: ['chat', 'messages'],
  },
  {
    what: 'searches that it shows',
    uses: [{ prompt: 100, output: 10, shown: 2 }],
    price: { per_search_usd: '0.01' },
    charged: 10_140,
    of: ['responses', 'generate'],
  },
  {
    what: 'cached tokens in DeepSeek’s place',
    uses: [{ prompt: 1_000, output: 10, more: { prompt_cache_hit_tokens: 800 } }],
    charged: 640,
    of: ['chat', 'responses'],
  },
  {
    what: 'cached tokens in Kimi’s place',
    uses: [{ prompt: 1_000, output: 10, more: { cached_tokens: 800 } }],
    charged: 640,
    of: ['chat', 'responses'],
  },
  {
    what: 'what OpenRouter writes to the cache',
    uses: [{ prompt: 1_000, output: 10, more: { prompt_tokens_details: { cache_write_tokens: 400 } } }],
    charged: 1_140,
    of: ['chat'],
  },
  {
    what: 'what is written to the cache, beside the prompt',
    uses: [{ prompt: 600, output: 10, more: { cache_creation_input_tokens: 400 } }],
    charged: 1_140,
    of: ['messages'],
  },
  {
    what: 'a summary that made room for it',
    uses: [
      {
        prompt: 230,
        output: 10,
        more: { iterations: [part('compaction', 1_800, 35), part('message', 230, 10)] },
      },
    ],
    charged: 2_210,
    of: ['messages'],
  },
  {
    what: 'the advice of a dearer model',
    uses: [
      {
        prompt: 230,
        output: 10,
        more: {
          iterations: [part('message', 230, 10), { ...part('advisor_message', 100, 10), model: 'dear' }],
        },
      },
    ],
    charged: 270 + 10 * 140,
    of: ['messages'],
  },
  ...[
    ['lines that end in CR', (stream: string) => stream.replaceAll('\n', '\r')] as const,
    ['lines that end in CR and LF', (stream: string) => stream.replaceAll('\n', '\r\n')] as const,
    ['one newline between events', (stream: string) => stream.replaceAll('\n\n', '\n')] as const,
    ['a mark of the order of bytes', (stream: string) => `\ufeff${stream}`] as const,
  ].map(([what, written]): Situation => ({ what, uses: plain, charged: 140, streamedOnly: true, written })),
];

const rows = protocols.flatMap((upstream) =>
  protocols.flatMap((client) =>
    situations
      .filter(({ of = protocols }) => of.includes(upstream))
      .flatMap((situation) =>
        [false, true]
          .filter((streamed) => streamed || !situation.streamedOnly)
          .map((streamed) => ({ ...situation, upstream, client, streamed })),
      ),
  ),
);

describe('an upstream’s report', () => {
  it.each(rows)(
    'of $upstream, $what, is charged rightly to a client of $client, streamed: $streamed',
    async ({ upstream: protocol, client, streamed, uses, written = (stream) => stream, ...expected }) => {
      const upstream = await startTestUpstream((response) => {
        response.writeHead(200, { 'content-type': streamed ? 'text/event-stream' : 'application/json' });
        response.end(
          streamed ? written(pieces(protocol, ...uses).join('')) : whole(protocol, ...uses.slice(-1)),
        );
      });
      const world = await startWorld({
        channels: [speakingChannel('one', protocol, upstream)],
        prices: [
          price('gpt-test', { completion_ratio: '4', ...expected.price }),
          price('dear', { completion_ratio: '4', model_ratio: '10' }),
        ],
      });
      try {
        const [path, body] = asking[client](streamed);
        const answer = await fetch(world.url + path, {
          method: 'POST',
          headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('All')]);
        await world.relay.drain(1_000);
        const { charged, basis = 'reported' } = expected;
        const [least, most] = typeof charged === 'number' ? [charged, charged] : charged;
        expect(world.settlement.charges).toMatchObject([{ basis, ended: 'complete' }]);
        const quota = Number(world.settlement.charges[0]?.quota);
        expect([quota >= least, quota <= most, quota]).toEqual([true, true, quota]);
        expect(await world.held()).toBe(0n);
        expect(world.observed.faults).toEqual([]);
      } finally {
        await world.close();
        await upstream.close();
      }
    },
  );
});
