import { describe, expect, it } from '@jest/globals';
import { conversationOf } from '../../../src/relay/channels/conversation.js';

const of = (body: unknown, headers = {}) =>
  conversationOf(headers, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const system = { role: 'system', content: 'You are helpful.' };

describe('a conversation', () => {
  it.each(['x-session-id', 'session_id', 'conversation_id'])(
    'is named by the header %s before all else',
    (name) => {
      expect(of({ user: 'u', messages: [user('hi')] }, { [name]: 's-1' })).toBe('header s-1');
    },
  );

  it.each([
    [{ prompt_cache_key: 'k', user: 'u' }, 'prompt_cache_key k'],
    [{ metadata: { user_id: 'session-9' }, user: 'u' }, 'metadata session-9'],
    [{ conversation: { id: 'conv_1' } }, 'conversation conv_1'],
    [{ conversation: 'conv_1' }, 'conversation conv_1'],
    [{ user: 'u', previous_response_id: 'r' }, 'user u'],
    [{ previous_response_id: 'r' }, 'previous_response_id r'],
  ])('is named by the body: %j', (body, expected) => {
    expect(of({ model: 'm', ...body, messages: [user('hi')] })).toBe(expected);
  });

  it('is otherwise known by how its prompt begins, while it grows', () => {
    const turns = [system, user('What is a channel?'), assistant('A strait.'), user('And a relay?')];
    const one = of({ model: 'm', messages: turns.slice(0, 2) });
    expect(one).toMatch(/^prompt /);
    expect(of({ stream: true, messages: turns, model: 'm' })).toBe(one);
    expect(of({ messages: [system, user('Something else')] })).not.toBe(one);
    const plain = of({ messages: [user('x'.repeat(2_000))] });
    expect(of({ messages: [user('x'.repeat(2_000)), assistant('y'), user('z')] })).toBe(plain);
  });

  it.each([
    ['Anthropic', { system: 'You are Claude.', messages: [user('hi')] }],
    [
      'Gemini',
      {
        systemInstruction: { parts: [{ text: 'x' }] },
        contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
      },
    ],
    ['Responses', { instructions: 'x', input: 'hi' }],
    ['completions', { prompt: 'Once upon a time' }],
  ])('is known in the dialect of %s', (_dialect, body) => {
    expect(of(body)).toMatch(/^prompt /);
  });

  it.each(['{}', '{"model":"m"}', '--boundary\r\ncontent', '', '{"user":7,"metadata":null}'])(
    'is not known from %j',
    (body) => expect(of(body)).toBeUndefined(),
  );
});
