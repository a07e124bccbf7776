import { describe, expect, it } from '@jest/globals';
import { readMessage } from '../../../src/relay/dialects/anthropic/messages/answer.js';
import { readGenerated } from '../../../src/relay/dialects/gemini/generate/answer.js';
import { readChat } from '../../../src/relay/dialects/openai/chat/answer.js';
import { ChoicesStream } from '../../../src/relay/dialects/openai/chat/stream.js';
import { chatOutputText } from '../../../src/relay/dialects/openai/chat/texts.js';
import { readCompletion } from '../../../src/relay/dialects/openai/completions/answer.js';
import { readResponse } from '../../../src/relay/dialects/openai/responses/answer.js';

const bytes = (payload: object) => Buffer.from(JSON.stringify(payload));
const said = (message: object, more: object = {}) => ({ choices: [{ index: 0, message, ...more }] });
const silent = { role: 'assistant', content: '' };
const spoken = { role: 'assistant', content: 'All is well.' };
const failure = { code: 502, message: 'provider returned error' };

describe('a whole answer with a 200 that brought nothing', () => {
  it.each([
    ['a text as its error, of a chat', readChat, { choices: [], error: 'out of memory' }],
    ['a text as its error, of a message', readMessage, { content: [], error: 'busy' }],
    ['a text as its error, of Gemini', readGenerated, { candidates: [], error: 'busy' }],
    ['an error in its choice', readChat, said(silent, { error: failure })],
    ['a finish that is a failure', readChat, said(silent, { finish_reason: 'network_error' })],
    ["its own upstream's failure", readChat, said(silent, { native_finish_reason: 'error' })],
    ['a failure, of a completion', readCompletion, { choices: [{ text: '', finish_reason: 'error' }] }],
    ['a failure without an error object', readResponse, { status: 'failed', output: [], error: null }],
    ['no choice', readChat, { choices: [], usage: { total_tokens: 0 }, base_resp: { status_code: 1002 } }],
    ['no candidate', readGenerated, { candidates: [] }],
    ['no content', readMessage, { content: [] }],
  ])('is no answer where it has %s', (_what, read, payload) => {
    expect(read(200, bytes(payload))).toEqual({ kind: 'bad' });
  });

  it.each([
    ['content beside the failure', readChat, said(spoken, { finish_reason: 'error' })],
    ['content beside a text as its error', readChat, { ...said(spoken), error: 'moderation was skipped' }],
    ['a finish of its own', readChat, said(silent, { finish_reason: 'stop' })],
    ['a usage', readMessage, { content: [], usage: { input_tokens: 7, output_tokens: 0 } }],
    ['a refusal', readGenerated, { candidates: [], promptFeedback: { blockReason: 'SAFETY' } }],
  ])('is one where it has %s', (_what, read, payload) => {
    expect(read(200, bytes(payload))).toMatchObject({ kind: 'completion' });
  });
});

describe('a stream of chunks', () => {
  const frame = (payload: object) => Buffer.from(`data: ${JSON.stringify(payload)}\n\n`);
  const chunk = (delta: object, more: object = {}) => ({ choices: [{ index: 0, delta, ...more }] });
  const DONE = Buffer.from('data: [DONE]\n\n');
  const after = (...frames: Buffer[]) => {
    const stream = new ChoicesStream({ choices: 1, hideUsage: false, textOf: chatOutputText });
    for (const bytes of frames) stream.push(bytes);
    return stream;
  };

  it('fails with the error of its choice', () => {
    const { error } = after(frame(chunk(silent, { error: failure, finish_reason: 'error' })));
    expect(error).toMatchObject({ kind: 'error', status: 502 });
  });

  it.each([
    [{ finish_reason: 'network_error' }],
    [{ finish_reason: 'insufficient_system_resource' }],
    [{ finish_reason: 'stop', native_finish_reason: 'error' }],
  ])('has no end of an answer in %j', (reason) => {
    const finish = frame(chunk({}, reason));
    expect(after(frame(chunk(silent)), finish).endsBare).toBe(true);
    expect(after(frame(chunk(silent)), finish, DONE).endsBare).toBe(true);
  });

  it('has no end in zeros without a choice', () => {
    const zeros = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
    expect(after(frame({ choices: [], usage: zeros }), DONE).endsBare).toBe(true);
    expect(after(frame(chunk({}, { finish_reason: 'stop' })), DONE).endsBare).toBe(false);
  });
});
