import { describe, expect, it } from '@jest/globals';
import type { AnswerStream } from '../../../src/relay/dialects/answer-stream.js';
import { readMessage } from '../../../src/relay/dialects/anthropic/messages/answer.js';
import { MessageStream } from '../../../src/relay/dialects/anthropic/messages/stream.js';
import { readGenerated } from '../../../src/relay/dialects/gemini/generate/answer.js';
import { GeminiStream } from '../../../src/relay/dialects/gemini/generate/stream.js';
import { readChat } from '../../../src/relay/dialects/openai/chat/answer.js';
import { ChoicesStream } from '../../../src/relay/dialects/openai/chat/stream.js';
import { readCompletion } from '../../../src/relay/dialects/openai/completions/answer.js';
import { completionText } from '../../../src/relay/dialects/openai/completions/texts.js';
import { readResponse } from '../../../src/relay/dialects/openai/responses/answer.js';
import { ResponseStream } from '../../../src/relay/dialects/openai/responses/stream.js';
import type { ReadAnswer } from '../../../src/relay/dialects/read-answer.js';
import { SseUnits } from '../../../src/relay/dialects/sse/sse-units.js';
import { DeliveredText } from '../../../src/relay/metering/delivered-text.js';
import { outputTextOf } from '../../../src/relay/dialects/gemini/generate/texts.js';
import { chatOutputText } from '../../../src/relay/dialects/openai/chat/texts.js';

const WORDS = 'one two three four five';
const chunk = (delta: object) => ({ choices: [{ index: 0, delta }] });

describe('what a chat wrote', () => {
  it.each([
    ['thoughts under the name of vLLM', { reasoning_text: WORDS }],
    ['thoughts under two names, once', { reasoning: WORDS, reasoning_content: WORDS }],
    [
      'thoughts under a name and in details, once',
      { reasoning: WORDS, reasoning_details: [{ text: WORDS }] },
    ],
    ['thoughts in details beside an empty name', { reasoning: '', reasoning_details: [{ text: WORDS }] }],
    ['a thought as a part', { content: [{ type: 'thinking', thinking: [{ type: 'text', text: WORDS }] }] }],
    ['a thought as the text of a part', { content: [{ type: 'thinking', thinking: WORDS }] }],
    ['the input of a custom tool', { tool_calls: [{ index: 0, type: 'custom', custom: { input: WORDS } }] }],
  ])('is %s', (_what, delta) => {
    expect(chatOutputText(chunk(delta))).toBe(WORDS);
  });
});

describe('what Gemini wrote', () => {
  it('is the arguments of a call that come piece by piece', () => {
    const partialArgs = [{ jsonPath: '$.text', stringValue: WORDS }];
    const candidates = [{ content: { parts: [{ functionCall: { name: 'write', partialArgs } }] } }];
    expect(outputTextOf({ candidates })).toBe(`write${WORDS}`);
  });
});

const ANSWERS = ['All is well.', 'All is good.', 'All is fine.'];
/** Word by word, and a word of each in turn. */
const PIECES = [0, 1, 2].flatMap((word) =>
  ANSWERS.map((text, index) => ({ index, piece: text.split(/(?<= )/)[word] ?? '' })),
);
const choices = (textOf: (payload: never) => string) =>
  new ChoicesStream({ choices: 3, hideUsage: false, textOf: textOf as (payload: object) => string });

/** How each dialect gives several answers in one, whole and streamed. */
const several: readonly (readonly [
  dialect: string,
  whole: object,
  read: (status: number, body: Buffer) => ReadAnswer,
  pieceOf: (piece: string, index: number) => object,
  open: () => AnswerStream,
])[] = [
  [
    'chat',
    { choices: ANSWERS.map((content, index) => ({ index, message: { role: 'assistant', content } })) },
    readChat,
    (content, index) => ({ choices: [{ index, delta: { content } }] }),
    () => choices(chatOutputText),
  ],
  [
    'completions',
    { choices: ANSWERS.map((text, index) => ({ index, text })) },
    readCompletion,
    (text, index) => ({ choices: [{ index, text }] }),
    () => choices(completionText),
  ],
  [
    'Gemini',
    { candidates: ANSWERS.map((text, index) => ({ index, content: { parts: [{ text }] } })) },
    readGenerated,
    (text, index) => ({ candidates: [{ index, content: { parts: [{ text }] } }] }),
    () => new GeminiStream(new SseUnits(), 3),
  ],
  [
    'responses',
    { output: ANSWERS.map((text) => ({ type: 'message', content: [{ type: 'output_text', text }] })) },
    readResponse,
    (delta, output_index) => ({ type: 'response.output_text.delta', output_index, delta }),
    () => new ResponseStream(),
  ],
  [
    'messages',
    { type: 'message', content: ANSWERS.map((text) => ({ type: 'text', text })) },
    readMessage,
    (text, index) => ({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } }),
    () => new MessageStream(),
  ],
];

describe.each(several)('several texts of one answer in %s', (_, whole, read, pieceOf, open) => {
  it('are counted each by itself where the answer is whole', () => {
    const answer = read(200, Buffer.from(JSON.stringify(whole)));
    expect(answer.kind === 'completion' && answer.outputTexts?.()).toEqual(ANSWERS);
  });

  it('are counted each by itself where their pieces come in turn', () => {
    const stream = open();
    const delivered = new DeliveredText((passed, note) => stream.readTexts(passed, note));
    for (const { index, piece } of PIECES)
      delivered.add(stream.push(Buffer.from(`data: ${JSON.stringify(pieceOf(piece, index))}\n\n`)));
    expect(delivered.take()).toEqual({ texts: ANSWERS, estimatedBeyond: 0 });
  });
});
