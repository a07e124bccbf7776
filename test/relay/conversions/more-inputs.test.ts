import { describe, expect, it } from '@jest/globals';
import {
  type ConvertibleProtocol,
  convertibleProtocols as protocols,
} from '../../../src/domain/channel/conversion.js';
import type { ParsedJson } from '../../support/parsed-json.js';
import { asked } from '../support/asked.js';

const user = { role: 'user', content: 'go' };
const chat = (more: object) => ({ model: 'm', messages: [user], ...more });
const message = (more: object) => ({ model: 'm', max_tokens: 900, messages: [user], ...more });
const response = (more: object) => ({ model: 'm', input: 'go', ...more });
const generate = (more: object) => ({ contents: [{ role: 'user', parts: [{ text: 'go' }] }], ...more });
const look = { type: 'function', name: 'look' };
const AT_GOOGLE = { model: 'gemini-2.5-pro', heldLimit: 60_000 };
const others = (client: ConvertibleProtocol) => protocols.filter((each) => each !== client);
/** That it is refused, and by what name. */
const refused = (client: ConvertibleProtocol, upstream: ConvertibleProtocol, body: object) => {
  try {
    asked(client, upstream, body);
  } catch (error) {
    return (error as { param?: string }).param;
  }
  return undefined;
};

describe('what Codex says beside messages and functions', () => {
  const searching = {
    type: 'tool_search',
    execution: 'client',
    description: 'Finds.',
    parameters: { type: 'object' },
  };
  const found = {
    type: 'function',
    name: 'find',
    description: 'Finds notes.',
    parameters: { type: 'object' },
  };
  const history = [
    { role: 'user', content: [{ type: 'input_text', text: 'go' }] },
    {
      type: 'tool_search_call',
      call_id: 'c1',
      execution: 'client',
      status: 'completed',
      arguments: { query: 'notes' },
    },
    {
      type: 'tool_search_output',
      call_id: 'c1',
      execution: 'client',
      status: 'completed',
      tools: [{ type: 'namespace', name: 'notes', tools: [found] }, look],
    },
  ];

  it.each(others('responses'))(
    'a search for tools is a function, and what it found is offered: %s',
    (upstream) => {
      const { said, lost } = asked(
        'responses',
        upstream,
        response({ input: history, tools: [searching, look] }),
      );
      const text = JSON.stringify(said);
      expect(text.match(/notes__find/g)).toHaveLength(1);
      expect(text).toContain('tool_search');
      expect(lost).not.toContain('hosted_tools');
      // What was there is not offered twice.
      const tools: ParsedJson[] = said.tools[0].functionDeclarations ?? said.tools;
      expect(tools).toHaveLength(3);
    },
  );

  it('one that upstream runs is lost as other tools that it runs', () => {
    const { lost } = asked('responses', 'messages', response({ tools: [{ type: 'tool_search' }, look] }));
    expect(lost).toEqual(['hosted_tools']);
  });

  it.each(['local_shell', 'shell', 'apply_patch', 'computer', 'mcp', 'web_search', 'image_generation'])(
    'calls of a tool that OpenAI made, and their results, are left out and told: %s',
    (name) => {
      const input = [
        { role: 'user', content: 'go' },
        { type: `${name}_call`, id: 'x', call_id: 'c', action: {}, operation: {} },
        { type: `${name}_call_output`, call_id: 'c', output: [] },
        { role: 'user', content: 'and?' },
      ];
      const { said, lost } = asked('responses', 'chat', response({ input, tools: [{ type: name }, look] }));
      expect(lost).toEqual(['hosted_tools']);
      const texts = ['go', 'and?'].map((text) => ({ type: 'text', text }));
      expect(said.messages).toEqual([{ role: 'user', content: texts }]);
    },
  );

  it('a conversation that only OpenAI can read again is refused by name', () => {
    const compaction = { type: 'compaction', id: 'cmp', encrypted_content: 'sealed' };
    for (const upstream of others('responses'))
      expect(refused('responses', upstream, response({ input: [compaction] }))).toBe('input');
    for (const item of [
      { type: 'item_reference', id: 'x' },
      { type: 'program', id: 'x' },
    ])
      expect(refused('responses', 'messages', response({ input: [item] }))).toBe('input');
  });

  it('thoughts that somebody else has sealed are left out, with their summary, and told', () => {
    const input = [
      { role: 'user', content: 'go' },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'gAAAA' },
      { role: 'assistant', content: [{ type: 'output_text', text: 'so' }] },
      { role: 'user', content: 'and?' },
    ];
    for (const upstream of ['messages', 'generate'] as const) {
      const { said, lost } = asked('responses', upstream, response({ input }));
      expect(lost).toContain('thinking_signature');
      expect(JSON.stringify(said)).not.toMatch(/gAAAA|"hm"/);
    }
  });

  it('a grammar stands in the description of its function, and the text of a call is its only argument', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' };
    const tools = [{ type: 'custom', name: 'apply_patch', description: 'Patches.', format }];
    const input = [
      { role: 'user', content: 'go' },
      { type: 'custom_tool_call', call_id: 'c', name: 'apply_patch', input: '*** Begin\n"x"' },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'ok' },
    ];
    const { said } = asked('responses', 'messages', response({ tools, input }));
    expect(said.tools[0].description).toContain('start: "x"');
    expect(said.messages[1].content[0].input).toEqual({ input: '*** Begin\n"x"' });
    expect(said.messages[2].content[0]).toMatchObject({ type: 'tool_result', tool_use_id: 'c' });
  });

  it('the result of a function may be pictures', () => {
    const input = [
      { role: 'user', content: 'go' },
      { type: 'function_call', call_id: 'c', name: 'look', arguments: '' },
      {
        type: 'function_call_output',
        call_id: 'c',
        output: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }],
      },
    ];
    const { said } = asked('responses', 'messages', response({ input, tools: [look] }));
    expect(said.messages[1].content[0].input).toEqual({});
    expect(said.messages[2].content[0].content[0]).toMatchObject({ type: 'image' });
    const google = asked('responses', 'generate', response({ input, tools: [look] })).said;
    expect(JSON.stringify(google)).toContain('"mimeType":"image/png"');
  });

  it('a message between a call and its result stands with the call', () => {
    const input = [
      { role: 'user', content: 'go' },
      { type: 'function_call', call_id: 'c', name: 'look', arguments: '{}' },
      { role: 'assistant', content: [{ type: 'output_text', text: 'looking' }] },
      { type: 'function_call_output', call_id: 'c', output: 'seen' },
    ];
    const { said } = asked('responses', 'chat', response({ input, tools: [look] }));
    expect(said.messages.map(({ role }: ParsedJson) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(said.messages[1]).toMatchObject({ content: 'looking', tool_calls: [{ id: 'c' }] });
  });
});

describe('what Claude Code says beside text and tools', () => {
  it('instructions as blocks, and marks for the cache wherever they stand', () => {
    const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } };
    const body = message({
      system: [
        { type: 'text', text: 'You are kind.', ...mark },
        { type: 'text', text: 'Be brief.' },
      ],
      tools: [{ name: 'look', input_schema: { type: 'object' }, ...mark }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'go', ...mark }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'look', input: {}, ...mark }] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'c',
              content: [{ type: 'text', text: 'seen', ...mark }],
              ...mark,
            },
          ],
        },
      ],
      ...mark,
    });
    for (const upstream of others('messages')) {
      const { said, lost } = asked('messages', upstream, body);
      expect(lost).toEqual(['cache_control']);
      expect(JSON.stringify(said)).not.toContain('cache_control');
      expect(JSON.stringify(said)).toMatch(/You are kind\..*Be brief\./);
    }
  });

  it('tools that it found, and what stands for an earlier conversation', () => {
    const messages = [
      { role: 'assistant', content: [{ type: 'compaction', content: 'So far: nothing.' }] },
      user,
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'c', name: 'ToolSearch', input: { query: 'x' } }],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c', content: [{ type: 'tool_reference', tool_name: 'look' }] },
        ],
      },
    ];
    const { said, lost } = asked('messages', 'chat', message({ messages }));
    expect(said.messages[0].content).toBe('So far: nothing.');
    expect(said.messages.at(-1)).toMatchObject({ role: 'tool', content: 'look' });
    expect(lost).toEqual(['hosted_tools']);
  });

  it('thoughts of others, sealed ones, and what a search of Anthropic’s found', () => {
    const messages = [
      user,
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'EqQB' },
          { type: 'redacted_thinking', data: 'sealed' },
          { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
          { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
          {
            type: 'text',
            text: 'so',
            citations: [{ type: 'web_search_result_location', url: 'https://example.com' }],
          },
        ],
      },
      user,
    ];
    for (const upstream of others('messages')) {
      const { said, lost } = asked('messages', upstream, message({ messages }));
      expect(lost).toEqual(expect.arrayContaining(['citations', 'hosted_tools', 'redacted_thinking']));
      expect(JSON.stringify(said)).not.toMatch(/EqQB|sealed|"hm"/);
      expect(JSON.stringify(said)).toContain('so');
    }
  });

  it('a turn of the assistant with nothing in it is none', () => {
    const messages = [user, { role: 'assistant', content: '' }, { role: 'assistant', content: [] }, user];
    for (const upstream of others('messages'))
      expect(JSON.stringify(asked('messages', upstream, message({ messages })).said)).not.toMatch(
        /assistant|"model"/,
      );
  });

  it('a beginning of the answer stays where it is, and is told', () => {
    const messages = [user, { role: 'assistant', content: '{"a":' }];
    for (const upstream of others('messages')) {
      const { said, lost } = asked('messages', upstream, message({ messages }));
      expect(lost).toEqual(['prefill']);
      expect(JSON.stringify(said)).toContain('{\\"a\\":');
    }
  });

  it('files by their ids, and documents where there is no place, are refused by name', () => {
    const of = (source: object) =>
      message({ messages: [{ role: 'user', content: [{ type: 'document', source }] }] });
    for (const upstream of others('messages'))
      expect(refused('messages', upstream, of({ type: 'file', file_id: 'f' }))).toBe('messages');
    const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBE' };
    expect(refused('messages', 'chat', of(pdf))).toBeUndefined();
    expect(() => asked('messages', 'chat', of(pdf), { quirks: [] })).toThrow('document');
  });

  it('a search of Anthropic’s alone is refused: an answer would be invented', () => {
    const tools = [{ type: 'web_search_20250305', name: 'web_search', max_uses: 8 }];
    for (const upstream of others('messages'))
      expect(refused('messages', upstream, message({ tools }))).toBe('tools');
    const both = [...tools, { name: 'look', input_schema: { type: 'object' } }];
    expect(asked('messages', 'chat', message({ tools: both })).lost).toEqual(['hosted_tools']);
    expect(
      refused(
        'messages',
        'chat',
        message({ tools: both, tool_choice: { type: 'tool', name: 'web_search' } }),
      ),
    ).toBe('tools');
  });

  it('thinking by its budget becomes an effort, and by an effort a budget where there is no other', () => {
    const of = (thinking: object, more: object = {}) => message({ max_tokens: 40_000, thinking, ...more });
    const enabled = (budget_tokens: number) => of({ type: 'enabled', budget_tokens });
    const effort = (body: object) => asked('messages', 'chat', body).said.reasoning_effort;
    expect([effort(enabled(1_024)), effort(enabled(5_000)), effort(enabled(30_000))]).toEqual([
      'low',
      'medium',
      'high',
    ]);
    expect(effort(of({ type: 'adaptive' }, { output_config: { effort: 'max' } }))).toMatch(/high$/);
    expect(
      asked('messages', 'generate', enabled(5_000), AT_GOOGLE).said.generationConfig.thinkingConfig,
    ).toMatchObject({
      thinkingBudget: 5_000,
      includeThoughts: true,
    });
    expect(effort(of({ type: 'disabled' }))).not.toBe('high');
  });
});

describe('what Google’s clients say', () => {
  it('names in either spelling, and a conversation without roles', () => {
    const body = {
      contents: [{ parts: [{ text: 'go' }] }],
      system_instruction: { parts: [{ text: 'Be brief.' }] },
      generation_config: { max_output_tokens: '100', stop_sequences: ['END'] },
      tools: [
        {
          function_declarations: [
            {
              name: 'look',
              parameters: { type: 'OBJECT', properties: { a: { type: 'STRING', nullable: true } } },
            },
          ],
        },
      ],
    };
    const { said, lost } = asked('generate', 'messages', body);
    expect(said).toMatchObject({ stop_sequences: ['END'], messages: [{ role: 'user' }] });
    expect(JSON.stringify(said.system)).toContain('Be brief.');
    expect(JSON.stringify(said.tools[0].input_schema)).toMatch(/"object".*"string"/);
    expect(lost).toEqual([]);
  });

  it('which function may be called', () => {
    const functionDeclarations = [{ name: 'look' }, { name: 'see' }];
    const choice = (functionCallingConfig: object) =>
      asked(
        'generate',
        'chat',
        generate({ tools: [{ functionDeclarations }], toolConfig: { functionCallingConfig } }),
      ).said.tool_choice;
    expect(choice({ mode: 'ANY' })).toBe('required');
    expect(choice({ mode: 'NONE' })).toBe('none');
    expect(choice({ mode: 'VALIDATED' })).toBe('auto');
    expect(choice({ mode: 'ANY', allowedFunctionNames: ['see'] })).toMatchObject({
      function: { name: 'see' },
    });
  });

  it('results in the order of calls of the same name, which have no ids', () => {
    const called = (n: number) => ({ functionCall: { name: 'look', args: { n } } });
    const back = (output: string) => ({ functionResponse: { name: 'look', response: { output } } });
    const contents = [
      { role: 'user', parts: [{ text: 'go' }] },
      { role: 'model', parts: [called(1), called(2)] },
      { role: 'user', parts: [back('one'), back('two')] },
    ];
    const { said } = asked('generate', 'chat', { contents });
    const [first, second] = said.messages[1].tool_calls.map(({ id }: ParsedJson) => id);
    expect(first).not.toBe(second);
    expect(said.messages.slice(2)).toEqual([
      { role: 'tool', tool_call_id: first, content: 'one' },
      { role: 'tool', tool_call_id: second, content: 'two' },
    ]);
  });

  it('pictures and documents, in it, at an address, and kept at Google', () => {
    const of = (part: object) => ({ contents: [{ role: 'user', parts: [part] }] });
    const inline = (mimeType: string) => of({ inlineData: { mimeType, data: 'AAAA' } });
    expect(asked('generate', 'messages', inline('image/png')).said.messages[0].content[0].source.type).toBe(
      'base64',
    );
    expect(asked('generate', 'messages', inline('application/pdf')).said.messages[0].content[0].type).toBe(
      'document',
    );
    const at = (fileUri: string) => of({ fileData: { mimeType: 'image/png', fileUri } });
    expect(
      asked('generate', 'chat', at('https://example.com/a.png')).said.messages[0].content[0],
    ).toMatchObject({
      image_url: { url: 'https://example.com/a.png' },
    });
    for (const kept of ['gs://bucket/a.png', 'https://generativelanguage.googleapis.com/v1beta/files/x'])
      expect(refused('generate', 'chat', at(kept))).toBe('contents');
    for (const mimeType of ['audio/wav', 'video/mp4'])
      expect(refused('generate', 'messages', inline(mimeType))).toBe('contents');
  });

  it('what Google ran itself is left out and told, and what is kept there is refused or told', () => {
    const contents = [
      { role: 'user', parts: [{ text: 'go' }] },
      {
        role: 'model',
        parts: [{ executableCode: { code: '1' } }, { codeExecutionResult: { output: '1' } }, { text: 'so' }],
      },
      { role: 'user', parts: [{ text: 'and?' }] },
    ];
    expect(asked('generate', 'messages', { contents }).lost).toEqual(['hosted_tools']);
    expect(refused('generate', 'messages', generate({ tools: [{ googleSearch: {} }] }))).toBe('tools');
    const config = (generationConfig: object) => generate({ generationConfig });
    expect(refused('generate', 'chat', config({ candidateCount: 2 }))).toBe('generationConfig');
    expect(refused('generate', 'chat', config({ responseModalities: ['TEXT', 'IMAGE'] }))).toBe(
      'generationConfig',
    );
    expect(refused('generate', 'chat', config({ stopSequences: ['a', 'b', 'c', 'd', 'e'] }))).toBeDefined();
    expect(
      asked('generate', 'chat', config({ candidateCount: 1, responseModalities: ['TEXT'] })).lost,
    ).toEqual([]);
  });

  it('no thinking, as much as the model likes, and a level', () => {
    const effort = (thinkingConfig: object) =>
      asked('generate', 'chat', generate({ generationConfig: { thinkingConfig } })).said.reasoning_effort;
    expect(effort({ thinkingLevel: 'LOW' })).toBe('low');
    expect(effort({ thinkingBudget: 24_576 })).toBe('high');
    expect(effort({ thinkingBudget: -1 })).toBeUndefined();
    expect(['none', 'minimal', undefined]).toContain(effort({ thinkingBudget: 0 }));
  });

  it('an answer in Google’s own kind of schema, in its own words for types', () => {
    const responseSchema = {
      type: 'OBJECT',
      properties: { a: { type: 'ARRAY', items: { type: 'INTEGER' } } },
      propertyOrdering: ['a'],
    };
    const { said } = asked(
      'generate',
      'chat',
      generate({ generationConfig: { responseMimeType: 'application/json', responseSchema } }),
    );
    expect(said.response_format).toMatchObject({
      type: 'json_schema',
      json_schema: {
        schema: { type: 'object', properties: { a: { type: 'array', items: { type: 'integer' } } } },
      },
    });
  });
});

describe('what clients of chats say', () => {
  it('instructions of a developer, and amid the conversation', () => {
    const messages = [
      { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] },
      user,
      { role: 'assistant', content: 'a' },
      { role: 'system', content: 'Be long.' },
      user,
    ];
    const { said, lost } = asked('chat', 'messages', chat({ messages }));
    expect(JSON.stringify(said.system)).toContain('Be brief.');
    expect(JSON.stringify(said.messages)).toContain('<system-reminder>\\nBe long.');
    expect(lost).toEqual(['system']);
    const { said: asItems } = asked('chat', 'responses', chat({ messages }));
    expect(asItems.input.map(({ role }: ParsedJson) => role)).toContain('developer');
  });

  it('functions in the form of responses, which some have among those of chats', () => {
    const tools = [
      { type: 'function', name: 'look', description: 'Looks.', parameters: { type: 'object' } },
      { type: 'function', function: { name: 'see' } },
    ];
    for (const upstream of others('chat'))
      expect(JSON.stringify(asked('chat', upstream, chat({ tools })).said.tools)).toMatch(/"look".*"see"/);
  });

  it('a name longer than 64 characters, the same in tools, choice and history, and back', () => {
    const name = `mcp__a.server__${'look_'.repeat(20)}`;
    const messages = [
      user,
      { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name, arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'c', content: 'seen' },
    ];
    const tools = [{ type: 'function', function: { name } }];
    const body = chat({ tools, messages, tool_choice: { type: 'function', function: { name } } });
    for (const upstream of others('chat')) {
      const { said, lost, names } = asked('chat', upstream, body);
      const spelled = [...new Set(JSON.stringify(said).match(/mcp__a[\w.]*/g))];
      expect(spelled).toHaveLength(1);
      expect(spelled[0]?.length).toBeLessThanOrEqual(64);
      expect(names.original(String(spelled[0]))).toBe(name);
      expect(lost).toContain('names');
    }
  });

  it('arguments by references stay a JSON schema, also at Google', () => {
    const parameters = {
      type: 'object',
      properties: { a: { $ref: '#/$defs/a' } },
      $defs: { a: { type: 'string' } },
    };
    const body = chat({ tools: [{ type: 'function', function: { name: 'look', parameters } }] });
    expect(asked('chat', 'messages', body).said.tools[0].input_schema).toEqual(parameters);
    expect(asked('chat', 'responses', body).said.tools[0].parameters).toEqual(parameters);
    const [declared] = asked('chat', 'generate', body).said.tools[0].functionDeclarations;
    expect(declared).toEqual({ name: 'look', parametersJsonSchema: parameters });
  });

  it('either limit, and the later one where both are there', () => {
    const limit = (more: object) => asked('chat', 'generate', chat(more)).limit;
    expect([limit({ max_tokens: 7 }), limit({ max_completion_tokens: 8 })]).toEqual([7, 8]);
    expect(limit({ max_tokens: 7, max_completion_tokens: 8 })).toBe(8);
  });

  it('a temperature that others do not know, and stops that they have no place for', () => {
    const { said, lost } = asked('chat', 'messages', chat({ temperature: 1.7 }));
    expect([said.temperature, lost]).toEqual([1, ['temperature']]);
    expect(asked('chat', 'generate', chat({ temperature: 1.7 })).lost).toEqual([]);
    expect(asked('chat', 'responses', chat({ stop: ['a'] })).lost).toEqual(['stop_sequences']);
    expect(refused('chat', 'generate', chat({ stop: ['a', 'b', 'c', 'd', 'e', 'f'] }))).toBeDefined();
  });

  it('an answer as any object is asked for in words where there is no other way', () => {
    const body = chat({ response_format: { type: 'json_object' } });
    expect(asked('chat', 'messages', body)).toMatchObject({
      lost: ['response_format'],
      said: { system: expect.anything() },
    });
    expect(asked('chat', 'generate', body).said.generationConfig.responseMimeType).toBe('application/json');
    expect(asked('chat', 'responses', body).said.text.format.type).toBe('json_object');
  });

  it('an effort of each kind, as each upstream knows it', () => {
    const body = (reasoning_effort: string) => chat({ reasoning_effort, max_completion_tokens: 60_000 });
    const budget = (effort: string) =>
      asked('chat', 'generate', body(effort), AT_GOOGLE).said.generationConfig.thinkingConfig;
    expect(budget('low').thinkingBudget).toBe(1_024);
    expect(budget('medium').thinkingBudget).toBe(8_192);
    expect(budget('high').thinkingBudget).toBeGreaterThanOrEqual(24_576);
    const of = (model: string) => asked('chat', 'messages', body('high'), { model }).said;
    expect(of('claude-sonnet-4-5').thinking).toMatchObject({
      type: 'enabled',
      budget_tokens: expect.any(Number),
    });
    expect(of('claude-opus-4-7').thinking).toMatchObject({ type: 'adaptive' });
    expect(of('claude-opus-4-7').temperature).toBeUndefined();
  });

  it('results that are lists of texts, or nothing; and pictures beside them', () => {
    const tool = (content: unknown) => ({ role: 'tool', tool_call_id: 'c', content });
    const messages = (content: unknown) => [
      user,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      tool(content),
    ];
    const result = (content: unknown) =>
      asked('chat', 'messages', chat({ messages: messages(content) })).said.messages[2].content[0];
    const texts = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    expect(JSON.stringify(result(texts))).toMatch(/"a".*"b"/);
    expect(result(null)).toMatchObject({ type: 'tool_result', tool_use_id: 'c' });
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } };
    expect(result([picture]).content[0].type).toBe('image');
  });

  it('sound, files by their ids, and an earlier answer that was sound, are refused by name', () => {
    const content = (part: object) => chat({ messages: [{ role: 'user', content: [part] }] });
    for (const upstream of others('chat')) {
      expect(refused('chat', upstream, content({ type: 'input_audio', input_audio: {} }))).toBe('messages');
      expect(refused('chat', upstream, content({ type: 'file', file: { file_id: 'f' } }))).toBe('messages');
      const earlier = [user, { role: 'assistant', audio: { id: 'audio_1' } }, user];
      expect(refused('chat', upstream, chat({ messages: earlier }))).toBe('messages');
    }
  });

  it('one call at a time, where that can be said', () => {
    const tools = [{ type: 'function', function: { name: 'look' } }];
    const body = chat({ tools, parallel_tool_calls: false });
    expect(asked('chat', 'messages', body).said.tool_choice).toMatchObject({
      disable_parallel_tool_use: true,
    });
    expect(asked('chat', 'responses', body).said.parallel_tool_calls).toBe(false);
    expect(asked('chat', 'generate', body).lost).toEqual(['parallel_tool_calls']);
  });

  it('a refusal of the model, later on, is what it said', () => {
    const messages = [user, { role: 'assistant', content: null, refusal: 'I cannot.' }, user];
    for (const upstream of others('chat'))
      expect(JSON.stringify(asked('chat', upstream, chat({ messages })).said)).toContain('I cannot.');
  });
});
