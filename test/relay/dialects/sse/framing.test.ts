import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerStream } from '../../../../src/relay/dialects/answer-stream.js';
import { MessageStream } from '../../../../src/relay/dialects/anthropic/messages/stream.js';
import { GeminiStream } from '../../../../src/relay/dialects/gemini/generate/stream.js';
import { ChoicesStream } from '../../../../src/relay/dialects/openai/chat/stream.js';
import { chatOutputText } from '../../../../src/relay/dialects/openai/chat/texts.js';
import { ResponseStream } from '../../../../src/relay/dialects/openai/responses/stream.js';
import { SseUnits } from '../../../../src/relay/dialects/sse/sse-units.js';

/** One answer, "All is well." for a prompt of 10 and an output of 5, as each dialect streams it: the type of each event, and its data. */
const dialects = [
  {
    name: "OpenAI's chunks",
    open: () => new ChoicesStream({ choices: 1, hideUsage: false, textOf: chatOutputText }),
    events: [
      ['', { choices: [{ index: 0, delta: { content: 'All is ' }, finish_reason: null }] }],
      ['', { choices: [{ index: 0, delta: { content: 'well.' }, finish_reason: null }] }],
      ['', { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }],
      ['', { choices: [], usage: { prompt_tokens: 10, completion_tokens: 5 } }],
      ['', '[DONE]'],
    ],
  },
  {
    name: "OpenAI's responses",
    open: () => new ResponseStream(),
    events: [
      ['response.created', { type: 'response.created', response: { status: 'in_progress' } }],
      ['response.output_text.delta', { type: 'response.output_text.delta', delta: 'All is ' }],
      ['response.output_text.delta', { type: 'response.output_text.delta', delta: 'well.' }],
      [
        'response.completed',
        { type: 'response.completed', response: { usage: { input_tokens: 10, output_tokens: 5 } } },
      ],
    ],
  },
  {
    name: "Anthropic's",
    open: () => new MessageStream(),
    events: [
      [
        'message_start',
        { type: 'message_start', message: { usage: { input_tokens: 10, output_tokens: 1 } } },
      ],
      [
        'content_block_delta',
        { type: 'content_block_delta', delta: { type: 'text_delta', text: 'All is ' } },
      ],
      ['content_block_delta', { type: 'content_block_delta', delta: { type: 'text_delta', text: 'well.' } }],
      [
        'message_delta',
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
      ],
      ['message_stop', { type: 'message_stop' }],
    ],
  },
  {
    name: "Gemini's",
    open: () => new GeminiStream(new SseUnits(), 1),
    events: [
      ['', { candidates: [{ content: { parts: [{ text: 'All is ' }] } }] }],
      [
        '',
        {
          candidates: [{ content: { parts: [{ text: 'well.' }] }, finishReason: 'STOP' }],
          usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5 },
        },
      ],
    ],
  },
] as const;

type Event = readonly [string, unknown];

/** Each way of framing: what ends a line, and what stands behind an event. */
const framings = [
  { framing: 'line feeds', feed: '\n', blank: '\n' },
  { framing: 'carriage returns and line feeds', feed: '\r\n', blank: '\r\n' },
  { framing: 'bare carriage returns', feed: '\r', blank: '\r' },
  { framing: 'one newline between events', feed: '\n', blank: '' },
  { framing: 'one carriage return between events', feed: '\r', blank: '' },
  { framing: 'CRLF without blank lines', feed: '\r\n', blank: '' },
] as const;

function framed(events: readonly Event[], { feed, blank }: { feed: string; blank: string }): string {
  const lines = events.map(([type, data]) => {
    const json = typeof data === 'string' ? data : JSON.stringify(data);
    return `${type === '' ? '' : `event: ${type}${feed}`}data: ${json}${feed}${blank}`;
  });
  return lines.join('');
}

function sifted(stream: AnswerStream, chunks: readonly Buffer[]) {
  const texts: string[] = [];
  const passed = chunks.map((chunk) => Buffer.from(stream.push(chunk)));
  passed.push(Buffer.from(stream.finish()));
  for (const bytes of [...passed, stream.tail()]) stream.readTexts(bytes, (text) => texts.push(text));
  return { passed, text: texts.join('') };
}

describe.each(dialects)('a stream of $name', ({ open, events }) => {
  it.each(framings)('framed with $framing is read, charged and ended, wherever its bytes are cut', (ends) => {
    const bytes = Buffer.from(framed(events, ends));
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 60 }), (places) => {
        const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
        const stream = open();
        const { text } = sifted(stream, chunks);
        expect(text).toBe('All is well.');
        expect(stream).toMatchObject({ holding: true, error: undefined, oversized: false });
        expect(stream.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 5 });
      }),
      { numRuns: 50 },
    );
  });

  it.each(framings)('framed with $framing goes out event by event, not in one lump', (ends) => {
    const chunks = events.map((event) => Buffer.from(framed([event], ends)));
    const { passed } = sifted(open(), chunks);
    const first = passed.findIndex((bytes) => bytes.includes('All is '));
    const sent = events.findIndex((event) => JSON.stringify(event).includes('All is '));
    expect(first).toBeLessThanOrEqual(sent + 1);
  });

  it('with spaces around its data is read, charged and ended', () => {
    const spaced = events.map(([type, data]) => {
      const json = typeof data === 'string' ? data : JSON.stringify(data);
      return `${type === '' ? '' : `event: ${type}\n`}data:   ${json}  \n\n`;
    });
    const stream = open();
    expect(sifted(stream, [Buffer.from(spaced.join(''))]).text).toBe('All is well.');
    expect(stream).toMatchObject({ holding: true, error: undefined });
    expect(stream.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 5 });
  });

  it('whose data spans several lines is read as one event', () => {
    const spread = events.map(([type, data]) => {
      const json = typeof data === 'string' ? data : JSON.stringify(data, null, 1);
      const lines = json.split('\n').map((line) => `data: ${line}\n`);
      return `${type === '' ? '' : `event: ${type}\n`}${lines.join('')}\n`;
    });
    const stream = open();
    const { passed, text } = sifted(stream, [Buffer.from(spread.join(''))]);
    expect(text).toBe('All is well.');
    expect(stream.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 5 });
    expect(Buffer.concat([...passed, stream.tail()]).toString()).toBe(spread.join(''));
  });
});

describe('an upstream that says in every chunk that it stops', () => {
  const every = (content: string) => chunk({ index: 0, delta: { content }, finish_reason: 'stop' });
  const chunk = (choice: object) => Buffer.from(`data: ${JSON.stringify({ choices: [choice] })}\n\n`);
  const open = () => new ChoicesStream({ choices: 1, hideUsage: true, textOf: chatOutputText });

  it('is not believed: each word goes out when it comes, and the end is kept back', () => {
    const stream = open();
    expect(stream.push(every('one ')).length).toBe(0);
    expect(stream.push(every('two ')).toString()).toBe(
      `${every('one ').toString()}${every('two ').toString()}`,
    );
    expect(stream.push(every('three')).toString()).toBe(every('three').toString());
    expect(stream.holding).toBe(false);
    expect(stream.push(Buffer.from('data: [DONE]\n\n')).length).toBe(0);
    expect(stream).toMatchObject({ holding: true, done: true });
    expect(stream.tail().toString()).toBe('data: [DONE]\n\n');
  });

  it.each([
    ['sound', { audio: { data: 'AAAA' } }],
    ['a picture', { images: [{ image_url: { url: 'data:image/png;base64,AAAA' } }] }],
    ['sealed thoughts', { reasoning_details: [{ type: 'reasoning.encrypted', data: 'AAAA' }] }],
  ])('is not believed either where it writes %s', (_what, delta) => {
    const stream = open();
    const piece = chunk({ index: 0, delta: { content: '', ...delta }, finish_reason: 'stop' });
    expect(stream.push(piece).length).toBe(0);
    expect(stream.push(piece).length).toBe(2 * piece.length);
    expect(stream.push(piece).length).toBe(piece.length);
    expect(stream.holding).toBe(false);
  });

  it('and says so once more without writing is believed', () => {
    const stream = open();
    const delta = { role: 'assistant', content: '', tool_calls: [], refusal: null };
    expect(stream.push(every('one ')).length).toBe(0);
    expect(stream.push(chunk({ index: 0, delta, finish_reason: 'stop' })).length).toBe(0);
    expect(stream.holding).toBe(true);
  });

  it('and ends without a mark has ended all the same', () => {
    const stream = open();
    for (const word of ['one ', 'two ', 'three']) stream.push(every(word));
    stream.finish();
    expect(stream).toMatchObject({ holding: true, error: undefined });
  });

  it('of Anthropic is not believed either', () => {
    const event = (data: { type: string }) =>
      Buffer.from(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
    const stop = event({ type: 'message_delta', delta: { stop_reason: 'end_turn' } } as { type: string });
    const word = event({ type: 'content_block_delta', delta: { text: 'on' } } as { type: string });
    const stream = new MessageStream();
    expect(stream.push(stop).length).toBe(0);
    expect(stream.push(word).toString()).toBe(Buffer.concat([stop, word]).toString());
    expect(stream.holding).toBe(false);
  });

  it('of Anthropic is not believed where it goes on with what is no text', () => {
    const event = (data: object) => Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
    const stop = event({ type: 'message_delta', delta: { stop_reason: 'end_turn' } });
    const closed = event({ type: 'content_block_stop', index: 0 });
    const block = { type: 'redacted_thinking', data: 'AAAA' };
    const sealed = event({ type: 'content_block_start', index: 1, content_block: block });
    const stream = new MessageStream();
    expect(stream.push(stop).length).toBe(0);
    expect(stream.push(closed).length).toBe(0);
    expect(stream.push(sealed)).toEqual(Buffer.concat([stop, closed, sealed]));
    expect(stream.holding).toBe(false);
  });
});
