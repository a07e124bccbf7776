import type { Said } from './spoken-answers.js';

export const call = (n: number, input: object) => ({ id: `call_${n}`, name: `look_${n}`, input });

/** What an upstream may come to say. */
export const situations: Readonly<Record<string, Said>> = {
  text: { text: 'grüß Gott 🎈, and\nmore' },
  'a thought, and text': { thought: 'hm, hm', proof: 'UFJPT0Y=', text: 'so' },
  'a call': { calls: [call(1, { a: 1, b: '}"\\' })] },
  'two calls, written side by side where that can be': {
    text: 'Let me see.',
    calls: [call(1, { a: 'x'.repeat(20) }), call(2, { b: [{}, '{'] })],
  },
  'a thought before a call': { thought: 'which one?', proof: 'UFJPT0Y=', calls: [call(1, {})] },
  'a call without arguments': { calls: [call(1, {})] },
  'an end at the limit': { text: 'and so', reason: 'limit' },
  'an answer held back': { text: 'I', reason: 'refused' },
  'nothing but an end': {},
};
