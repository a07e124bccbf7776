import { describe, expect, it } from '@jest/globals';
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
