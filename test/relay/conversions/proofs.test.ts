import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KEY, price, startWorld, type World } from '../support/relay-world.js';
import { speaking, speakingChannel } from '../support/speaking-upstream.js';
import type { Said } from '../support/spoken-answers.js';
import { startTestUpstream, stream, type TestUpstream } from '../support/test-upstream.js';

const MODEL = 'gpt-test';
const prices = [price(MODEL, { max_output_tokens: 8_000 })];
const PROOF = 'UFJPT0Y=';
const SAID: Said = {
  thought: 'which one?',
  proof: PROOF,
  calls: [{ id: 'call_1', name: 'look', input: { a: 1 } }],
};
const schema = { type: 'object', properties: { a: { type: 'integer' } } };
type Json = Record<string, unknown>;

/** One client: how it asks, and the conversation that it goes on with. */
interface Client {
  readonly path: string;
  first: Json;
  /** The answer as it came, and the result of its call. */
  next(answer: Json): Json;
}

const clients: Readonly<Record<string, Client>> = {
  messages: {
    path: '/v1/messages',
    first: {
      model: MODEL,
      max_tokens: 2_000,
      thinking: { type: 'enabled', budget_tokens: 1_024 },
      tools: [{ name: 'look', input_schema: schema }],
      messages: [{ role: 'user', content: 'go' }],
    },
    next(answer) {
      const content = answer['content'] as Json[];
      const id = content.find(({ type }) => type === 'tool_use')?.['id'];
      const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'seen' }] };
      const asked = this.first['messages'] as object[];
      return { ...this.first, messages: [...asked, { role: 'assistant', content }, result] };
    },
  },
  chat: {
    path: '/v1/chat/completions',
    first: {
      model: MODEL,
      max_completion_tokens: 2_000,
      reasoning_effort: 'low',
      tools: [{ type: 'function', function: { name: 'look', parameters: schema } }],
      messages: [{ role: 'user', content: 'go' }],
    },
    next(answer) {
      const [choice] = answer['choices'] as { message: { tool_calls: { id: string }[] } }[];
      const [call] = choice?.message.tool_calls ?? [];
      const result = { role: 'tool', tool_call_id: call?.id, content: 'seen' };
      const asked = this.first['messages'] as object[];
      return { ...this.first, messages: [...asked, choice?.message, result] };
    },
  },
  responses: {
    path: '/v1/responses',
    first: {
      model: MODEL,
      max_output_tokens: 2_000,
      reasoning: { effort: 'low' },
      include: ['reasoning.encrypted_content'],
      tools: [{ type: 'function', name: 'look', parameters: schema }],
      input: [{ role: 'user', content: 'go' }],
    },
    next(answer) {
      const output = answer['output'] as Json[];
      const call = output.find(({ type }) => type === 'function_call');
      const result = { type: 'function_call_output', call_id: call?.['call_id'], output: 'seen' };
      return { ...this.first, input: [...(this.first['input'] as object[]), ...output, result] };
    },
  },
  generate: {
    path: `/v1beta/models/${MODEL}:generateContent`,
    first: {
      generationConfig: { maxOutputTokens: 2_000, thinkingConfig: { includeThoughts: true } },
      tools: [{ functionDeclarations: [{ name: 'look', parametersJsonSchema: schema }] }],
      contents: [{ role: 'user', parts: [{ text: 'go' }] }],
    },
    next(answer) {
      const [candidate] = answer['candidates'] as { content: object }[];
      const result = {
        role: 'user',
        parts: [{ functionResponse: { name: 'look', response: { output: 'seen' } } }],
      };
      const asked = this.first['contents'] as object[];
      return { ...this.first, contents: [...asked, candidate?.content, result] };
    },
  },
};

/** Where an upstream is told its own proof again. */
const proofsIn: Readonly<Record<string, (body: Json) => unknown>> = {
  messages: (body) => (body['messages'] as { content: Json[] }[])[1]?.content[0]?.['signature'],
  responses: (body) =>
    (body['input'] as Json[]).find(({ type }) => type === 'reasoning')?.['encrypted_content'],
  generate: (body) =>
    (body['contents'] as { parts: Json[] }[])[1]?.parts.find((part) => part['functionCall'])?.[
      'thoughtSignature'
    ],
};

let upstream: TestUpstream;
let own: TestUpstream;
let world: World;
beforeEach(async () => {
  upstream = await startTestUpstream(stream([]));
  own = await startTestUpstream(stream([]));
});
afterEach(async () => {
  expect(world.observed.faults).toEqual([]);
  expect(await world.held()).toBe(0n);
  await world.close();
  await Promise.all([upstream.close(), own.close()]);
});

async function ask(path: string, body: object): Promise<Json> {
  const answer = await fetch(world.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: JSON.stringify(body),
  });
  expect([answer.status, await answer.clone().text()]).toMatchObject([200, expect.anything()]);
  return (await answer.json()) as Json;
}

const signing = ['messages', 'responses', 'generate'] as const;
const pairs = Object.keys(clients).flatMap((client) =>
  signing.filter((each) => each !== client).map((each) => [client, each] as const),
);

describe.each(pairs)('the proof of a thought, for %s on an upstream of %s', (client, protocol) => {
  const { path, first } = clients[client] as Client;

  it('goes back to the upstream that gave it, and to no other', async () => {
    upstream.behave(speaking(protocol, SAID));
    own.behave(speaking(client as 'chat', { text: 'done' }));
    const mapped = { model_mapping: { [MODEL]: 'gemini-3-flash' } };
    const converting = speakingChannel('one', protocol, upstream, mapped);
    world = await startWorld({ channels: [converting], prices });
    const answer = await ask(path, first);
    expect(JSON.stringify(answer)).not.toContain(`"${PROOF}"`);
    const next = (clients[client] as Client).next(answer);
    await ask(path, next);
    expect(proofsIn[protocol]?.(upstream.seen[1]?.body as Json)).toBe(PROOF);

    // Another channel of the same kind never gave it; one that speaks the client's own protocol would refuse it.
    const another = speakingChannel('other', protocol, upstream, mapped);
    world.state.catalogue = { ...world.state.catalogue, channels: [another] };
    await world.relay.refreshCatalogue();
    await ask(path, next);
    expect(proofsIn[protocol]?.(upstream.seen[2]?.body as Json)).not.toBe(PROOF);
    world.state.catalogue = {
      ...world.state.catalogue,
      channels: [speakingChannel('own', client as 'chat', own, mapped)],
    };
    await world.relay.refreshCatalogue();
    await ask(path, next);
    const sent = JSON.stringify(own.seen[0]?.body);
    expect(sent).toContain('look');
    expect(sent).not.toMatch(/cf1\.|Y2YxL|UFJPT0Y/);
  });
});

describe('an upstream that checks the proofs of calls', () => {
  it('is told of a call that another model made that it need not look for one', async () => {
    upstream.behave(speaking('generate', { text: 'done' }));
    const model_mapping = { [MODEL]: 'gemini-3-pro-preview' };
    const channels = [speakingChannel('one', 'generate', upstream, { model_mapping })];
    world = await startWorld({ channels, prices });
    const call = { id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } };
    const { path, first } = clients['chat'] as Client;
    const messages = [
      ...(first['messages'] as object[]),
      { role: 'assistant', tool_calls: [call, { ...call, id: 'd' }] },
      { role: 'tool', tool_call_id: 'd', content: 'second' },
      { role: 'tool', tool_call_id: 'c', content: '{"n":1}' },
    ];
    await ask(path, { ...first, messages, parallel_tool_calls: false });
    expect(world.settlement.charges[0]?.losses).toEqual(['parallel_tool_calls', 'thought_signature']);
    const { contents, generationConfig } = upstream.seen[0]?.body as Json;
    expect(generationConfig).toEqual({
      maxOutputTokens: 2_000,
      thinkingConfig: { thinkingLevel: 'low', includeThoughts: true },
    });
    expect(contents).toEqual([
      { role: 'user', parts: [{ text: 'go' }] },
      {
        role: 'model',
        parts: [
          {
            functionCall: { name: 'look', args: {} },
            thoughtSignature: 'skip_thought_signature_validator',
          },
          { functionCall: { name: 'look', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'look', response: { n: 1 } } },
          { functionResponse: { name: 'look', response: { output: 'second' } } },
        ],
      },
    ]);
  });
});
