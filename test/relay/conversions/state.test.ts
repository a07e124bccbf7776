import { describe, expect, it } from '@jest/globals';
import {
  type ConvertibleProtocol,
  convertibleProtocols as protocols,
} from '../../../src/domain/channel/conversion.js';
import { clientCodecs, upstreamCodecs } from '../../../src/relay/conversions/codecs.js';
import { ConvertedStream } from '../../../src/relay/conversions/converted-stream.js';
import { answerContext } from '../support/answer-context.js';
import { blockDelta, blockStart, messageStart } from '../support/anthropic-shapes.js';
import { frame } from '../support/test-upstream.js';

const MIB = 1024 * 1024;

function open(client: ConvertibleProtocol, upstream: ConvertibleProtocol): ConvertedStream {
  const from = upstreamCodecs[upstream];
  const inner = from.openStream({ 'content-type': 'text/event-stream' });
  if (!inner) throw new Error('no stream');
  const writer = clientCodecs[client].eventWriter(answerContext);
  return new ConvertedStream(inner, from.eventReader('call'), writer, () => ({}), {});
}

const LONG = 'x'.repeat(4_096);
const called = (index: number, fields: object) =>
  frame({ id: 'c', choices: [{ index: 0, delta: { tool_calls: [{ index, ...fields }] } }] });
const begun = (index: number) => ({ id: `call_${index}`, function: { name: 'look', arguments: '{"a":"' } });
const item = (place: number, type: string, fields: object) =>
  frame({ type: `response.${type}`, output_index: place, ...fields });

/** A frame of each kind that an upstream could go on with for ever, after a beginning. */
const endless: Record<string, [ConvertibleProtocol, string, (n: number) => string]> = {
  'arguments of a call beside another one': [
    'chat',
    called(0, begun(0)) + called(1, begun(1)),
    () => called(1, { function: { arguments: LONG } }),
  ],
  'a proof of a thought': [
    'messages',
    messageStart({ input_tokens: 8 }) + blockStart({ type: 'thinking', thinking: '' }, 0),
    () => blockDelta({ type: 'signature_delta', signature: LONG }, 0),
  ],
  'names of calls': [
    'chat',
    frame({ id: 'c', choices: [{ index: 0, delta: { role: 'assistant' } }] }),
    (n) => called(n, { id: `call_${n}`, function: { name: `${LONG}${LONG}${n}`, arguments: '{}' } }),
  ],
  'ids of calls that never end': [
    'messages',
    messageStart({ input_tokens: 8 }),
    (n) => blockStart({ type: 'tool_use', id: `${LONG}${n}`, name: 'look', input: {} }, n),
  ],
  'blocks that never end': [
    'messages',
    messageStart({ input_tokens: 8 }),
    (n) => blockStart({ type: 'text', text: '' }, n),
  ],
  'items that never end': [
    'responses',
    frame({ type: 'response.created', response: { id: 'r' } }),
    (n) => item(n, 'output_item.added', { item: { type: 'message' } }),
  ],
};
const cases = Object.entries(endless).flatMap(([what, [upstream]]) =>
  protocols
    .filter((client) => client !== upstream)
    // Chats know calls by their number, and keep nothing of them.
    .filter((client) => client !== 'chat' || !what.startsWith('arguments'))
    .map((client) => [what, client] as const),
);

describe('what never ends', () => {
  it.each(cases)('is cut as too much before it takes much memory: %s, for %s', (what, client) => {
    const [upstream, beginning, more] = endless[what] as (typeof endless)[string];
    const most = client === 'responses' ? 10 * MIB : 1.25 * MIB;
    const stream = open(client, upstream);
    let told = 0;
    const push = (text: string) => {
      const passed = stream.push(Buffer.from(text));
      if (passed.length > 0) stream.readTexts(passed, () => undefined);
    };
    push(beginning);
    for (let n = 0; !stream.oversized && told < 4 * most; n++) {
      const next = more(n);
      told += next.length;
      push(next);
    }
    expect(stream.oversized).toBe(true);
    expect(told).toBeLessThan(2 * most);
    expect(stream.errorFrame({ code: 'upstream_unavailable' }, 'r').length).toBeGreaterThan(0);
  });
});
