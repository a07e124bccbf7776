import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ConvertibleProtocol,
  convertibleProtocols as protocols,
} from '../../../src/domain/channel/conversion.js';
import type {
  CanonicalRequest,
  Part,
  PicturePart,
  ResultPart,
  Turn,
} from '../../../src/relay/conversions/canonical.js';
import { clientCodecs, upstreamCodecs } from '../../../src/relay/conversions/codecs.js';
import type { Writing } from '../../../src/relay/conversions/codec.js';
import { sealed } from '../../../src/relay/conversions/envelope.js';
import { lossTable, type LossName } from '../../../src/relay/conversions/loss-table.js';
import { piecesOf } from '../../../src/relay/conversions/json-pieces.js';
import { Losses } from '../../../src/relay/conversions/losses.js';
import { GOOGLE_NAME, Names } from '../../../src/relay/conversions/names.js';

const seal = { sign: () => '0123456789abcdef', channelId: 'c', keyId: 'k' };

function write(request: CanonicalRequest, protocol: ConvertibleProtocol) {
  const losses = new Losses();
  const names = new Names(losses, protocol === 'generate' ? GOOGLE_NAME : undefined);
  const about = { streamed: false, model: 'm', quirks: new Set(['file_parts'] as const), heldLimit: 9_000 };
  const writing: Writing = { ...about, names, losses, seal };
  const codec = upstreamCodecs[protocol];
  const written = piecesOf(codec.writeRequest(request, writing));
  const body = codec.complete(written, {
    model: 'm',
    limit: request.outputLimit,
    limitName: 'max_tokens',
    cacheKey: undefined,
  });
  return { body: JSON.parse(body.join('')) as Record<string, unknown>, losses };
}

/** What is asked, as an upstream of the protocol would read it. */
function through(request: CanonicalRequest, protocol: ConvertibleProtocol): CanonicalRequest {
  return clientCodecs[protocol].readRequest(write(request, protocol).body, new Losses());
}

const words = fc.constantFrom('hello', 'grüß 🎈', 'a "quote" \\ and {', 'two\nlines');
const text = words.map((value): Part => ({ kind: 'text', text: value }));
const picture: PicturePart = {
  kind: 'picture',
  source: { from: 'data', mediaType: 'image/png', data: 'AAAA' },
};
const elsewhere: Part = { kind: 'picture', source: { from: 'url', url: 'https://example.com/a.png' } };
const paper: Part = {
  kind: 'document',
  source: { from: 'data', mediaType: 'application/pdf', data: 'JVBE' },
  name: undefined,
};
const input = fc.constantFrom('{}', '{"a":1}', '{"a":{"b":["}"]}}');

/** A user, a model that says something and calls, and the results of all its calls. */
const round = fc
  .record({
    asked: fc.array(fc.oneof(text, fc.constantFrom(picture, elsewhere, paper)), {
      minLength: 1,
      maxLength: 3,
    }),
    said: fc.option(text, { nil: undefined }),
    calls: fc.array(fc.record({ name: fc.constantFrom('look', 'see'), input }), { maxLength: 3 }),
    result: fc.record({ words, failed: fc.boolean() }),
  })
  .map(({ asked, said, calls, result }): Turn[] => {
    const made = calls.map((call) => ({ kind: 'call' as const, id: '', ...call }));
    const answer = [...(said ? [said] : []), ...made];
    const results = made.map((): ResultPart => {
      return { kind: 'result', id: '', parts: [{ kind: 'text', text: result.words }], failed: result.failed };
    });
    return [
      { role: 'user', parts: asked },
      ...(answer.length > 0 ? [{ role: 'assistant', parts: answer } as const] : []),
      ...(results.length > 0 ? [{ role: 'user', parts: results } as const] : []),
    ];
  });

/** Ids are given one after the other, and nobody ends with a model. */
function whole(rounds: readonly Turn[][]): Turn[] {
  let asked = 0;
  let answered = 0;
  const turns = rounds.flat().map(({ role, parts }): Turn => ({
    role,
    parts: parts.map((part) => {
      if (part.kind === 'call') return { ...part, id: `call_${asked++}` };
      return part.kind === 'result' ? { ...part, id: `call_${answered++}` } : part;
    }),
  }));
  return [...turns, { role: 'user', parts: [{ kind: 'text', text: 'and?' }] }];
}

const requests: fc.Arbitrary<CanonicalRequest> = fc
  .record({
    rounds: fc.array(round, { maxLength: 3 }),
    system: fc.array(words, { maxLength: 1 }),
    choice: fc.constantFrom<CanonicalRequest['choice']>(
      undefined,
      { kind: 'auto' },
      { kind: 'any' },
      { kind: 'none' },
      { kind: 'one', name: 'see' },
    ),
    temperature: fc.constantFrom(undefined, 0, 0.5, 1),
    topP: fc.constantFrom(undefined, 0.9),
    outputLimit: fc.constantFrom(100, 4_000),
    format: fc.constantFrom<CanonicalRequest['format']>(undefined, {
      kind: 'schema',
      name: 'answer',
      schema: { type: 'object', properties: { a: { type: ['string', 'null'] } } },
    }),
  })
  .map(({ rounds, ...more }) => ({
    ...more,
    turns: whole(rounds),
    tools: [
      {
        name: 'look',
        description: 'Looks.',
        schema: { type: 'object', properties: { a: { type: 'integer' } } },
      },
      { name: 'see', description: undefined, schema: { type: 'object', $defs: { x: {} }, properties: {} } },
    ],
    hosted: [],
    oneCall: false,
    topK: undefined,
    stop: [],
    seed: undefined,
    frequencyPenalty: undefined,
    presencePenalty: undefined,
    thinking: undefined,
    user: undefined,
  }));

/** Without what only spelling decides: who a turn's neighbour is, what a call is known by, and how a failure is said. */
function meaning(request: CanonicalRequest) {
  const ids = new Map<string, string>();
  const idOf = (id: string) => ids.get(id) ?? (ids.set(id, `${ids.size}`), ids.get(id));
  const parts: unknown[] = [];
  for (const turn of request.turns)
    for (const part of turn.parts) {
      const last = parts.at(-1) as { role: string; kind: string; text: string } | undefined;
      if (part.kind === 'call') parts.push({ role: turn.role, ...part, id: idOf(part.id) });
      else if (part.kind === 'result') {
        const said = part.parts.map((each) => (each.kind === 'text' ? each.text : each.kind)).join('\n');
        parts.push({ kind: 'result', id: idOf(part.id), text: said.replace(/^Error: /, '') });
      } else if (part.kind === 'text' && last?.kind === 'text' && last.role === turn.role)
        last.text += `\n${part.text}`;
      else if (part.kind === 'document')
        parts.push({ role: turn.role, kind: part.kind, source: part.source });
      else parts.push({ role: turn.role, ...part });
    }
  const { system, choice, temperature, topP, outputLimit, format, tools } = request;
  return {
    parts,
    system,
    choice,
    temperature,
    topP,
    outputLimit,
    format,
    tools: tools.map(({ name, description, schema }) => ({ name, description, schema })),
  };
}

describe.each(protocols)('a request that is said as %s', (protocol) => {
  it('means what it meant', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(meaning(through(request, protocol))).toEqual(meaning(request));
      }),
      { numRuns: 150 },
    );
  });

  it('means the same from there on to any other', () => {
    fc.assert(
      fc.property(requests, fc.constantFrom(...protocols), (request, next) => {
        const once = through(request, protocol);
        expect(meaning(through(once, next))).toEqual(meaning(request));
      }),
      { numRuns: 150 },
    );
  });

  it('tells of no loss that the page does not have for it', () => {
    const all: CanonicalRequest = {
      ...(fc.sample(requests, 1)[0] as CanonicalRequest),
      turns: [
        { role: 'user', parts: [{ kind: 'text', text: 'go' }] },
        { role: 'system', parts: [{ kind: 'text', text: 'be brief' }] },
        {
          role: 'assistant',
          parts: [
            { kind: 'thought', text: 'hm', signature: 'foreign' },
            { kind: 'call', id: 'a b', name: 'look', input: '{}' },
            { kind: 'call', id: 'c', name: '1st/tool', input: '{}' },
          ],
        },
        { role: 'user', parts: [{ kind: 'result', id: 'a b', parts: [picture], failed: true }] },
        { role: 'assistant', parts: [{ kind: 'text', text: 'And' }] },
      ],
      hosted: [{ type: 'web_search', name: 'web_search' }],
      oneCall: true,
      temperature: 1.5,
      topK: 3,
      stop: ['x'],
      seed: 1,
      frequencyPenalty: 1,
      thinking: { kind: 'on', effort: 'max', budget: undefined },
      format: { kind: 'object' },
      user: 'u',
    };
    for (const name of write(all, protocol).losses.names)
      expect([name, lossTable[name as LossName].to]).toEqual([name, expect.arrayContaining([protocol])]);
    expect(write(all, protocol).losses.first).toBeDefined();
  });
});

const called = (id: string): Part => ({ kind: 'call', id, name: 'look', input: '{}' });
const seen = (id: string, ...parts: ResultPart['parts']): Part => ({
  kind: 'result',
  id,
  parts,
  failed: false,
});
const said = (value: string): Part & { kind: 'text' } => ({ kind: 'text', text: value });

describe.each(protocols)('pictures in the results of calls, said as %s', (protocol) => {
  const request: CanonicalRequest = {
    ...(fc.sample(requests, 1)[0] as CanonicalRequest),
    turns: [
      { role: 'user', parts: [said('go')] },
      { role: 'assistant', parts: [called('call_a'), called('call_b')] },
      { role: 'user', parts: [seen('call_a', said('one'), picture), seen('call_b', elsewhere)] },
      { role: 'user', parts: [said('and?')] },
    ],
  };

  it('are all there, in their order, and no result is without its call', () => {
    const { turns } = through(request, protocol);
    const parts = turns.flatMap((turn) => turn.parts);
    const flat = parts.flatMap((part): readonly Part[] => (part.kind === 'result' ? part.parts : [part]));
    expect(flat.filter(({ kind }) => kind === 'picture')).toEqual([picture, elsewhere]);
    const results = parts.filter((part) => part.kind === 'result');
    expect(results.map(({ id }) => id)).toEqual(
      parts.flatMap((part) => (part.kind === 'call' ? [part.id] : [])),
    );
    // What follows the results stands behind all of them: nothing may come between a call and its result.
    const kinds = parts.map(({ kind }) => kind);
    expect(kinds.slice(kinds.indexOf('call'), kinds.lastIndexOf('result') + 1)).toEqual([
      ...['call', 'call', 'result', 'result'],
    ]);
  });

  it('are told to have moved where they had to', () => {
    const moves = protocol === 'chat' || protocol === 'generate';
    expect(write(request, protocol).losses.names.includes('pictures')).toBe(moves);
  });
});

describe('a limit of the output', () => {
  const limited = (outputLimit: number) => ({
    ...(fc.sample(requests, 1)[0] as CanonicalRequest),
    outputLimit,
  });
  const writing = (heldLimit: number): Writing => ({
    streamed: false,
    model: 'm',
    quirks: new Set(['file_parts'] as const),
    heldLimit,
    names: new Names(new Losses()),
    losses: new Losses(),
    seal,
  });

  it('below 16 is told to no upstream of responses, and to each of the others', () => {
    for (const protocol of protocols) {
      const one = () => upstreamCodecs[protocol].writeRequest(limited(1), writing(1));
      if (protocol === 'responses') expect(one).toThrow('below 16');
      else expect(one).not.toThrow();
    }
    expect(() => upstreamCodecs.responses.writeRequest(limited(16), writing(16))).not.toThrow();
  });
});

describe('a thought that was sealed for an upstream', () => {
  it.each(protocols.filter((each) => each !== 'chat'))('is told to %s as it was signed', (protocol) => {
    const request: CanonicalRequest = {
      ...(fc.sample(requests, 1)[0] as CanonicalRequest),
      choice: undefined,
      thinking: { kind: 'on', effort: 'low', budget: undefined },
      outputLimit: 4_000,
      turns: [
        { role: 'user', parts: [{ kind: 'text', text: 'go' }] },
        {
          role: 'assistant',
          parts: [
            { kind: 'thought', text: 'hm', signature: sealed('SIGNED', seal) },
            { kind: 'text', text: 'so' },
            { kind: 'call', id: 'a', name: 'look', input: '{}' },
          ],
        },
        { role: 'user', parts: [{ kind: 'result', id: 'a', parts: [], failed: false }] },
      ],
    };
    const { body, losses } = write(request, protocol);
    expect(JSON.stringify(body)).toContain('"SIGNED"');
    expect(losses.names).not.toContain('thinking_signature');
  });
});
