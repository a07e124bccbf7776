import { describe, expect, it } from '@jest/globals';
import { answerFormat } from '../../../../../src/relay/dialects/gemini/answer-format.js';
import { EmbedRequest } from '../../../../../src/relay/dialects/gemini/embed/request.js';
import { GenerateRequest } from '../../../../../src/relay/dialects/gemini/generate/request.js';
import { CallRefused } from '../../../../../src/relay/errors.js';

const JSON_FORMAT = answerFormat(new URLSearchParams());
const CONTENTS = [{ role: 'user', parts: [{ text: 'hello there' }] }];

function generate(body: unknown, format = JSON_FORMAT, streamed = false) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new GenerateRequest('gemini-test', Buffer.from(text), format, streamed, {});
}

function embed(body: unknown, kind: 'one' | 'batch' = 'one') {
  return new EmbedRequest('gemini-test', Buffer.from(JSON.stringify(body)), JSON_FORMAT, kind);
}

function refusal(attempt: () => unknown) {
  try {
    attempt();
  } catch (error) {
    if (error instanceof CallRefused) return error.refusal;
    throw error;
  }
  throw new Error('it was taken');
}

const sent = (request: { forward: GenerateRequest['forward'] }, model: string, limit?: number) =>
  request.forward(model, limit).body.toString();

describe('a request for content', () => {
  it('goes on byte for byte when nothing must differ', () => {
    const body = '{ "contents" : [{"parts":[{"text":"a\\u0301 模型"}]}],\n "x":1e2 }';
    const upstream = generate(body).forward('gemini-test', undefined);
    expect(upstream.body.toString()).toBe(body);
    expect(upstream).toMatchObject({ path: '/models/gemini-test:generateContent', query: '' });
  });

  it('names the channel’s model in the address only, as one segment', () => {
    const request = generate(
      { contents: CONTENTS },
      answerFormat(new URLSearchParams('alt=sse&key=sk-x')),
      true,
    );
    const { path, query } = request.forward('../pro 2', undefined);
    expect(path).toBe('/models/..%2Fpro%202:streamGenerateContent');
    expect(query).toBe('?alt=sse');
  });

  it('reads limits under both spellings, and as text', () => {
    for (const generationConfig of [
      { maxOutputTokens: 50, candidateCount: 2 },
      { max_output_tokens: '50', candidate_count: '2' },
    ]) {
      expect(generate({ contents: CONTENTS, generationConfig })).toMatchObject({
        outputLimit: 50,
        choices: 2,
      });
      expect(generate({ contents: CONTENTS, generation_config: generationConfig })).toMatchObject({
        outputLimit: 50,
        choices: 2,
      });
    }
    expect(generate({ contents: CONTENTS, generationConfig: null })).toMatchObject({
      outputLimit: undefined,
      choices: 1,
    });
  });

  it('lowers the limit where it stands, and changes no other byte', () => {
    const head = '{"contents":[{"parts":[{"text":"\\"maxOutputTokens\\":9"}]}], ';
    expect(
      sent(generate(`${head}"generation_config": { "topK": 3,  "max_output_tokens" : "900" } }`), 'm', 20),
    ).toBe(`${head}"generation_config": { "topK": 3,  "max_output_tokens" : 20 } }`);
    expect(sent(generate(`${head}"generationConfig":{"topK":3}}`), 'm', 20)).toBe(
      `${head}"generationConfig":{"maxOutputTokens":20,"topK":3}}`,
    );
    expect(sent(generate(`${head}"generationConfig":null}`), 'm', 20)).toBe(
      `${head}"generationConfig":{"maxOutputTokens":20}}`,
    );
    expect(JSON.parse(sent(generate({ contents: CONTENTS }), 'm', 20))).toEqual({
      contents: CONTENTS,
      generationConfig: { maxOutputTokens: 20 },
    });
  });

  it('lowers a budget of thoughts that would use up the lowered limit, not below what models take', () => {
    const budgetAfter = (thinkingBudget: unknown, limit: number) => {
      const generationConfig = {
        maxOutputTokens: 60_000,
        thinkingConfig: { includeThoughts: true, thinkingBudget },
      };
      const body = sent(generate({ contents: CONTENTS, generationConfig }), 'm', limit);
      return (JSON.parse(body) as { generationConfig: { thinkingConfig: object } }).generationConfig
        .thinkingConfig;
    };
    expect(budgetAfter(24_000, 4_000)).toEqual({ includeThoughts: true, thinkingBudget: 2_000 });
    expect(budgetAfter(24_000, 100)).toEqual({ includeThoughts: true, thinkingBudget: 512 });
    for (const kept of [-1, 0, 300, 2_000, '700']) {
      expect(budgetAfter(kept, 4_000)).toMatchObject({ thinkingBudget: kept });
    }
    expect(budgetAfter('9000', 4_000)).toMatchObject({ thinkingBudget: 2_000 });
  });

  it.each([
    ['{"contents":[{}],"contents":[{}]}', 'contents'],
    ['{"contents":[{}],"Contents":[{}]}', 'contents'],
    ['{"contents":[{}],"generationConfig":{},"generation_config":{}}', 'generationConfig'],
    ['{"contents":[{}],"generationconfig":{}}', 'generationConfig'],
    ['{"contents":[{}],"generationConfig":{"maxOutputTokens":1,"max_output_tokens":9}}', 'maxOutputTokens'],
    ['{"contents":[{}],"generationConfig":{"max_outputTokens":1}}', 'maxOutputTokens'],
    [
      '{"contents":[{}],"generationConfig":{"thinkingConfig":{"thinkingBudget":1,"thinking_budget":2}}}',
      'thinkingBudget',
    ],
    ['{"contents":[{}],"generationConfig":{"maxOutputTokens":0}}', 'maxOutputTokens'],
    ['{"contents":[{}],"generationConfig":{"maxOutputTokens":1.5}}', 'maxOutputTokens'],
    ['{"contents":[{}],"generationConfig":[]}', 'generationConfig'],
    ['{"contents":[]}', 'contents'],
    ['{"contents":["a"]}', 'contents'],
    ['{}', 'contents'],
    ['{"contents":[{}],"cachedContent":"cachedContents/1"}', 'cachedContent'],
    ['{"contents":[{}],"model":"models/another"}', 'model'],
    ['[]', null],
    ['{', null],
  ])('refuses %s', (body, param) => {
    expect(refusal(() => generate(body))).toMatchObject({ code: 'invalid_request', param });
  });

  it('takes contents and parts that are no lists, and what is null', () => {
    const body = { contents: { parts: { text: 'hello' } }, cachedContent: null, system_instruction: null };
    expect(generate(body).promptText()).toBe('hello');
  });

  it('refuses a body that nests too deeply', () => {
    const deep = `{"contents":[{"parts":[${'{"a":'.repeat(100)}1${'}'.repeat(100)}]}]}`;
    expect(refusal(() => generate(deep))).toMatchObject({ code: 'invalid_request', param: 'contents' });
  });

  it('estimates media by kind and not by their base64 text', () => {
    const tokens = (part: object) => generate({ contents: [{ parts: [part] }] }).promptTokens;
    const data = 'A'.repeat(200_000);
    const plain = tokens({ text: '' });
    expect(tokens({ inlineData: { mimeType: 'image/png', data } })).toBeLessThan(plain + 3_000);
    expect(tokens({ inline_data: { mime_type: 'image/png', data: 'A' } })).toBeGreaterThan(plain + 2_000);
    expect(tokens({ inlineData: { mimeType: 'audio/wav', data } })).toBeLessThan(plain + 500);
    expect(tokens({ inlineData: { mimeType: 'audio/mp3', data } })).toBeGreaterThan(plain + 3_000);
    expect(tokens({ inlineData: { mimeType: 'text/plain', data } })).toBeGreaterThan(plain + 99_000);
    expect(tokens({ fileData: { fileUri: 'gs://x/y', mimeType: 'video/mp4' } })).toBeGreaterThan(
      plain + 10_000,
    );
    expect(tokens({ text: 'word '.repeat(1_000) })).toBeGreaterThan(plain + 1_000);
  });

  it('finds the prompt’s text: contents, instruction and tools, without media and ids', () => {
    const text = generate({
      contents: [
        { role: 'user', parts: [{ text: 'one' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
        { role: 'model', parts: [{ functionCall: { id: 'x1', name: 'two', args: { city: 'Bern' } } }] },
      ],
      systemInstruction: { parts: [{ text: 'three' }] },
      tools: [{ functionDeclarations: [{ name: 'four' }] }],
    }).promptText();
    expect(text.split('\n')).toEqual(['one', 'two', 'Bern', 'three', 'four']);
  });
});

describe('a request for embeddings', () => {
  const one = { model: 'models/gemini-test', content: { parts: [{ text: 'hello' }] } };

  it('holds nothing for output, and counts its own text', () => {
    expect(embed(one)).toMatchObject({ outputLimit: 0, streamed: false, choices: 1 });
    expect(embed({ requests: [one, one] }, 'batch').promptText()).toEqual(['hello', 'hello']);
  });

  it('gives the model its name at the channel, in the address and wherever the body names it', () => {
    expect(embed(one).forward('embed-2')).toMatchObject({ path: '/models/embed-2:embedContent' });
    expect(JSON.parse(embed(one).forward('embed-2').body.toString())).toEqual({
      ...one,
      model: 'models/embed-2',
    });
    const batch = embed({ requests: [one, { content: one.content }] }, 'batch').forward('embed-2');
    expect(batch.path).toBe('/models/embed-2:batchEmbedContents');
    expect(JSON.parse(batch.body.toString())).toEqual({
      requests: [{ ...one, model: 'models/embed-2' }, { content: one.content }],
    });
  });

  it('refuses another model than the address names, and requests without content', () => {
    expect(refusal(() => embed({ ...one, model: 'models/dear' }))).toMatchObject({ param: 'model' });
    expect(refusal(() => embed({ requests: [{ ...one, model: 'dear' }] }, 'batch'))).toMatchObject({
      param: 'model',
    });
    expect(refusal(() => embed({}))).toMatchObject({ param: 'content' });
    expect(refusal(() => embed({ requests: [] }, 'batch'))).toMatchObject({ param: 'requests' });
    expect(refusal(() => embed({ requests: [{}] }, 'batch'))).toMatchObject({ param: 'content' });
  });
});

describe('the format of an answer', () => {
  it('is all that goes on of a query', () => {
    const format = (query: string) => answerFormat(new URLSearchParams(query));
    expect(format('key=sk-1&alt=sse&fields=x')).toEqual({ framing: 'sse', query: '?alt=sse' });
    expect(format('$alt=json;enum-encoding=int')).toEqual({
      framing: 'json',
      query: '?$alt=json%3Benum-encoding%3Dint',
    });
    expect(format('key=sk-1')).toEqual({ framing: 'json', query: '' });
  });

  it.each(['alt=proto', 'alt=sse&alt=json', 'alt=sse&$alt=json', 'alt=sse%26key%3Dx'])(
    'refuses %s',
    (query) => {
      expect(refusal(() => answerFormat(new URLSearchParams(query)))).toMatchObject({ param: 'alt' });
    },
  );
});
