import { describe, expect, it } from '@jest/globals';
import type { ConvertibleProtocol } from '../../../src/domain/channel/conversion.js';
import type { ParsedJson } from '../../support/parsed-json.js';
import { asked } from '../support/asked.js';

const user = { role: 'user', content: 'go' };
const chat = (more: object) => ({ model: 'm', messages: [user], ...more });
const call = (id: string, given = '{}') => ({
  id,
  type: 'function',
  function: { name: 'look', arguments: given },
});
const result = (id: string, content: unknown = 'seen') => ({ role: 'tool', tool_call_id: id, content });
const called = (...ids: string[]) => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map((id) => call(id)),
});
const functions = ['look', 'see', 'hear'].map((name) => ({ type: 'function', function: { name } }));
/** Of a conversation upstream: who says what, with what ids. */
const shapeOf = (messages: readonly ParsedJson[]) =>
  messages.map(({ role, content }) => [
    role,
    ...content.map((block: ParsedJson) => block.id ?? block.tool_use_id ?? block.text),
  ]);

describe('calls and results of a chat’s history, said as messages', () => {
  const shape = (...messages: object[]) => {
    const { said, lost } = asked(
      'chat',
      'messages',
      chat({ messages: [user, ...messages], tools: functions }),
    );
    return { shape: shapeOf(said.messages), lost };
  };

  it('stand together, also where an instruction came between them', () => {
    const between = { role: 'developer', content: 'be brief' };
    expect(shape(called('a'), between, result('a')).shape).toEqual([
      ['user', 'go'],
      ['assistant', 'a'],
      ['user', 'a', '<system-reminder>\nbe brief\n</system-reminder>'],
    ]);
  });

  it('stand together where one came late, behind what was said since', () => {
    const since = { role: 'assistant', content: 'so far' };
    const { shape: read, lost } = shape(called('a', 'b'), result('a'), since, result('b'), user);
    expect(read).toEqual([
      ['user', 'go'],
      ['assistant', 'a', 'b'],
      ['user', 'b', 'a'],
      ['assistant', 'so far'],
      ['user', 'go'],
    ]);
    expect(lost).not.toContain('tool_result');
  });

  it('get a result where none ever came, and it is told', () => {
    const { shape: read, lost } = shape(called('a', 'b'), result('b'));
    expect(read.at(-1)).toEqual(['user', 'a', 'b']);
    expect(lost).toContain('tool_result');
  });

  it('have ids of their own where upstream numbered the calls of each answer anew', () => {
    const { shape: read, lost } = shape(
      called('call_0'),
      result('call_0'),
      called('call_0'),
      result('call_0'),
    );
    expect(read.slice(1)).toEqual([
      ['assistant', 'call_0'],
      ['user', 'call_0'],
      ['assistant', 'call_0_2'],
      ['user', 'call_0_2'],
    ]);
    expect(lost).toContain('ids');
  });

  it('and none that another call has already', () => {
    const { shape: read } = shape(
      called('a', 'a_2'),
      result('a'),
      result('a_2'),
      called('a'),
      result('a'),
      called('a_2'),
      result('a_2'),
    );
    expect(read.slice(1)).toEqual([
      ['assistant', 'a', 'a_2'],
      ['user', 'a', 'a_2'],
      ['assistant', 'a_3'],
      ['user', 'a_3'],
      ['assistant', 'a_2_2'],
      ['user', 'a_2_2'],
    ]);
  });

  it('and where two calls of one answer have the same', () => {
    const { shape: read } = shape(called('x', 'x'), result('x'), result('x'));
    expect(read.slice(1)).toEqual([
      ['assistant', 'x', 'x_2'],
      ['user', 'x', 'x_2'],
    ]);
  });

  it('have ids that are short enough, the same in call and result', () => {
    const long = `call_${'y'.repeat(100)}`;
    const { shape: read, lost } = shape(called(long), result(long));
    const id = read[1]?.[1] as string;
    expect(id).toMatch(/^[\w-]{64}$/);
    expect([read[2]?.[1], lost.includes('ids')]).toEqual([id, true]);
  });

  it.each([
    ['no object', '"text"', { _raw: '"text"' }],
    ['nothing', '', {}],
    ['cut off', '{"a":', { _raw: '{"a":' }],
  ])('have arguments, where they were %s', (_, given, input) => {
    const message = { role: 'assistant', content: null, tool_calls: [call('a', given)] };
    const { said } = asked('chat', 'messages', chat({ messages: [user, message, result('a')] }));
    expect(said.messages[1].content[0].input).toEqual(input);
  });

  it('by the older names, too', () => {
    const older = { role: 'assistant', content: null, function_call: { name: 'look', arguments: '{"a":1}' } };
    const back = { role: 'function', name: 'look', content: 'seen' };
    expect(shape(older, back).shape.slice(1)).toEqual([
      ['assistant', 'call_look'],
      ['user', 'call_look'],
    ]);
  });
});

describe('texts without anything in them', () => {
  it('are not said to upstreams of messages, which refuse them', () => {
    const blank = { ...called('a'), content: '\n\n' };
    const messages = [{ role: 'system', content: ' ' }, user, blank, result('a', ' \n')];
    const { said } = asked('chat', 'messages', chat({ messages }));
    expect(said.system).toBeUndefined();
    expect(said.messages[1].content.map(({ type }: ParsedJson) => type)).toEqual(['tool_use']);
    expect(said.messages[2].content[0].content).toBeUndefined();
  });

  it.each(['messages', 'generate', 'responses'] as const)('nor empty ones to any: %s', (upstream) => {
    const messages = [
      user,
      { role: 'assistant', content: '' },
      { role: 'user', content: [{ type: 'text', text: '' }] },
    ];
    expect(JSON.stringify(asked('chat', upstream, chat({ messages })).said)).not.toContain('""');
  });

  it('are no stop sequences there, and that is told; others are', () => {
    const { said, lost } = asked('chat', 'messages', chat({ stop: ['\n', 'END'] }));
    expect([said.stop_sequences, lost]).toEqual([['END'], ['stop_sequences']]);
    expect(asked('chat', 'messages', chat({ stop: '\n' })).said.stop_sequences).toBeUndefined();
  });
});

describe('members that a client sends as null, or with nothing in them', () => {
  it('say nothing, and nothing is lost', () => {
    const absent = [
      'tools',
      'tool_choice',
      'stop',
      'response_format',
      'functions',
      'seed',
      'user',
      'n',
      'audio',
    ];
    const nothing = ['logprobs', 'top_logprobs', 'service_tier', 'store', 'prediction', 'web_search_options'];
    const nulls = Object.fromEntries([...absent, ...nothing].map((name) => [name, null]));
    const body = chat({ ...nulls, metadata: {}, logit_bias: {}, modalities: ['text'] });
    for (const upstream of ['messages', 'responses', 'generate'] as const)
      expect([upstream, asked('chat', upstream, body).lost]).toEqual([upstream, []]);
    const message = { role: 'assistant', content: 'a', tool_calls: null, function_call: null, refusal: null };
    expect(asked('chat', 'messages', chat({ messages: [user, message, user] })).lost).toEqual([]);
  });

  it('also of messages and of responses', () => {
    const names = ['system', 'tools', 'tool_choice', 'thinking', 'stop_sequences', 'temperature', 'metadata'];
    const body = {
      model: 'm',
      max_tokens: 9,
      messages: [user],
      ...Object.fromEntries(names.map((name) => [name, null])),
    };
    expect(asked('messages', 'chat', body).lost).toEqual([]);
    const response = {
      model: 'm',
      input: 'go',
      tools: null,
      reasoning: { effort: null, summary: null },
      text: null,
    };
    expect(asked('responses', 'messages', { ...response, include: null, metadata: {} }).lost).toEqual([]);
  });

  it('but a search that is asked for by an empty object is one', () => {
    expect(() => asked('chat', 'messages', chat({ web_search_options: {} }))).toThrow('web_search_options');
  });
});

describe('which tool is to be called', () => {
  const chosen = (tool_choice: unknown, upstream: ConvertibleProtocol = 'messages') =>
    asked('chat', upstream, chat({ tools: functions, tool_choice })).said;
  const namesOf = ({ tools }: ParsedJson) => tools.map(({ name }: ParsedJson) => name);

  it('is said in each form that chats have for it', () => {
    expect(chosen('required').tool_choice).toEqual({ type: 'any' });
    expect(chosen('none').tool_choice).toEqual({ type: 'none' });
    expect(chosen({ type: 'function', function: { name: 'see' } }).tool_choice).toEqual({
      type: 'tool',
      name: 'see',
    });
    expect(chosen({ name: 'see' }).tool_choice).toEqual({ type: 'tool', name: 'see' });
    expect(chosen({ type: 'function', function: { name: 'see' } }, 'generate').toolConfig).toEqual({
      functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['see'] },
    });
  });

  it('is one of some: the others are not offered', () => {
    const some = ['look', 'hear'].map((name) => ({ type: 'function', function: { name } }));
    const required = chosen({ type: 'allowed_tools', allowed_tools: { mode: 'required', tools: some } });
    expect([namesOf(required), required.tool_choice]).toEqual([['look', 'hear'], { type: 'any' }]);
  });

  it('in responses, too, where functions may be of a namespace', () => {
    const inner = [
      { type: 'function', name: 'find' },
      { type: 'function', name: 'list' },
    ];
    const tools = [
      { type: 'function', name: 'look' },
      { type: 'namespace', name: 'notes', tools: inner },
    ];
    const of = (tool_choice: object) =>
      asked('responses', 'messages', { model: 'm', input: 'go', tools, tool_choice }).said;
    const find = { type: 'function', name: 'find', namespace: 'notes' };
    expect(of(find).tool_choice).toEqual({ type: 'tool', name: 'notes__find' });
    const allowed = of({
      type: 'allowed_tools',
      mode: 'auto',
      tools: [find, { type: 'function', name: 'look' }],
    });
    expect([namesOf(allowed), allowed.tool_choice]).toEqual([['look', 'notes__find'], { type: 'auto' }]);
  });

  it('and at Google', () => {
    const functionDeclarations = ['look', 'see', 'hear'].map((name) => ({ name }));
    const body = {
      contents: [{ role: 'user', parts: [{ text: 'go' }] }],
      tools: [{ functionDeclarations }],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['see', 'hear'] } },
    };
    const { said } = asked('generate', 'messages', body);
    expect([namesOf(said), said.tool_choice]).toEqual([['see', 'hear'], { type: 'any' }]);
  });

  it('is no tool that upstream would have to run', () => {
    const tools = [...functions, { type: 'custom', custom: { name: 'shell' } }];
    const choice = { type: 'custom', custom: { name: 'shell' } };
    expect(() => asked('chat', 'messages', chat({ tools, tool_choice: choice }))).toThrow('tools');
  });
});

describe('answers in a schema', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };
  const ofChat = chat({
    response_format: { type: 'json_schema', json_schema: { name: 'n', strict: true, schema } },
  });

  it('are asked for by what each protocol has', () => {
    expect(asked('chat', 'messages', ofChat).said.output_config).toEqual({
      format: { type: 'json_schema', schema },
    });
    expect(asked('chat', 'generate', ofChat).said.generationConfig).toMatchObject({
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
    });
    expect(asked('chat', 'responses', ofChat).said.text).toEqual({
      format: { type: 'json_schema', name: 'n', schema, strict: true },
    });
    const response = {
      model: 'm',
      input: 'go',
      text: { format: { type: 'json_schema', name: 'n', strict: true, schema } },
    };
    expect(asked('responses', 'chat', response).said.response_format.json_schema).toEqual({
      name: 'n',
      schema,
      strict: true,
    });
  });

  it('are not said to be strict where the client did not say it', () => {
    const body = {
      model: 'm',
      max_tokens: 9,
      messages: [user],
      output_config: { format: { type: 'json_schema', schema } },
    };
    expect(asked('messages', 'chat', body).said.response_format.json_schema.strict).toBeUndefined();
    expect(asked('messages', 'responses', body).said.text.format.strict).toBe(false);
  });
});

describe('arguments of a tool, said to Google', () => {
  const of = (parameters: object) => {
    const tools = [{ type: 'function', function: { name: 'look', parameters } }];
    return asked('chat', 'generate', chat({ tools })).said.tools[0].functionDeclarations[0];
  };
  const plain = { type: 'object', properties: { a: { type: 'string', enum: ['x'] } }, required: ['a'] };

  it('are its own kind of schema where that has a place for all of them', () => {
    expect(of(plain)).toEqual({ name: 'look', parameters: plain });
    expect(of({ ...plain, $schema: 'https://json-schema.org/draft/2020-12/schema' }).parameters).toEqual(
      plain,
    );
    expect(of({ type: 'object', properties: {} })).toEqual({ name: 'look' });
  });

  it.each<[string, object]>([
    ['a list of anything', { a: { type: 'array' } }],
    ['an object without members', { a: { type: 'object' } }],
    ['an empty value among others', { a: { type: 'string', enum: ['', 'x'] } }],
    ['numbers to choose from', { a: { type: 'integer', enum: [1, 2] } }],
    ['a bound that excludes', { a: { type: 'number', exclusiveMinimum: 0 } }],
    ['a constant', { a: { const: 'x' } }],
    ['a list of types', { a: { type: ['string', 'null'] } }],
    ['a reference', { a: { $ref: '#/$defs/x' } }],
    ['one of several', { a: { anyOf: [{ type: 'string' }, { type: 'integer' }] } }],
    ['a format', { a: { type: 'string', format: 'uri' } }],
  ])('are a JSON schema, as they are, where one has %s', (_, properties) => {
    const parameters = { type: 'object', properties };
    expect(of(parameters)).toEqual({ name: 'look', parametersJsonSchema: parameters });
  });

  it('and where it demands what is not there', () => {
    const parameters = { ...plain, required: ['b'] };
    expect(of(parameters)).toEqual({ name: 'look', parametersJsonSchema: parameters });
  });
});

describe('pictures and documents', () => {
  const said = (...content: object[]) =>
    asked('chat', 'messages', chat({ messages: [{ role: 'user', content }] })).said.messages[0].content;
  const picture = (url: string) => ({ type: 'image_url', image_url: { url } });
  const file = (file_data: string) => ({ type: 'file', file: { file_data, filename: 'a' } });

  it('are known by the types that upstream knows', () => {
    expect(said(picture('data:image/jpg;base64,AAAA'))).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' } },
    ]);
    expect(said(picture('https://example.com/a.png'))).toEqual([
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
    ]);
  });

  it('are texts where they are', () => {
    const text = `data:text/plain;charset=utf-8;base64,${Buffer.from('grüß').toString('base64')}`;
    expect(said(file(text))).toEqual([
      { type: 'document', title: 'a', source: { type: 'text', media_type: 'text/plain', data: 'grüß' } },
    ]);
    expect(said(file('data:application/pdf;base64,JVBE'))).toMatchObject([{ source: { type: 'base64' } }]);
  });
});

describe('what others put into chats', () => {
  it('is told to be lost: marks for the cache, and thoughts with somebody’s proof', () => {
    const marked = {
      role: 'user',
      content: [{ type: 'text', text: 'go', cache_control: { type: 'ephemeral' } }],
    };
    const thought = {
      role: 'assistant',
      content: 'so',
      reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }],
    };
    const { lost } = asked('chat', 'messages', chat({ messages: [marked, thought, user] }));
    expect(lost).toEqual(['cache_control', 'thinking_signature']);
    const tools = [{ ...functions[0], cache_control: { type: 'ephemeral' } }];
    expect(asked('chat', 'generate', chat({ tools })).lost).toEqual(['cache_control']);
  });

  it.each([
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['modalities', { modalities: ['text', 'audio'] }],
    ['prediction', { prediction: { type: 'content', content: 'x' } }],
  ])('is refused where it asks for another answer: %s', (name, more) => {
    for (const upstream of ['messages', 'responses', 'generate'] as const)
      expect(() => asked('chat', upstream, chat(more))).toThrow(name);
  });
});
