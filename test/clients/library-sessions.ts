import { readFile } from 'node:fs/promises';
import Anthropic from '@anthropic-ai/sdk';
import type { MessageParam, ToolResultBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { type Content, GoogleGenAI, type Part } from '@google/genai';
import OpenAI from 'openai';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { Session } from './sessions.js';

/** A library in a loop of tools, as programs write it: in pieces and whole by turns. Says what the model said last. */
export interface LibrarySession extends Pick<Session, 'name' | 'protocol' | 'isBedrock'> {
  readonly converse: (url: string, key: string, model: string) => Promise<string>;
}

const PROMPT = 'Read all notes.';
const PARAMETERS = {
  type: 'object' as const,
  properties: { path: { type: 'string' } },
  required: ['path'],
};
const noteAt = (given: unknown): Promise<string> => readFile((given as { path: string }).path, 'utf8');

async function openai(url: string, key: string, model: string): Promise<string> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: PROMPT }];
  const tools = [{ type: 'function' as const, function: { name: 'read_file', parameters: PARAMETERS } }];
  for (let turn = 0; ; turn++) {
    const body = { model, messages, tools };
    const answer =
      turn % 2 === 0
        ? await client.chat.completions.stream(body).finalChatCompletion()
        : await client.chat.completions.create(body);
    const message = answer.choices[0]?.message;
    if (!message) throw new Error('an answer without a choice');
    const { content, tool_calls: calls = [] } = message;
    if (calls.length === 0) return content ?? '';
    messages.push({ role: 'assistant', content, tool_calls: calls });
    for (const call of calls) {
      if (call.type !== 'function') throw new Error(`a call of the type ${call.type}`);
      const content = await noteAt(JSON.parse(call.function.arguments));
      messages.push({ role: 'tool', tool_call_id: call.id, content });
    }
  }
}

async function anthropic(url: string, key: string, model: string): Promise<string> {
  const client = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 });
  const messages: MessageParam[] = [{ role: 'user', content: PROMPT }];
  const tools = [{ name: 'read_file', input_schema: PARAMETERS }];
  for (let turn = 0; ; turn++) {
    const body = { model, messages, tools, max_tokens: 1_000 };
    const { content } =
      turn % 2 === 0 ? await client.messages.stream(body).finalMessage() : await client.messages.create(body);
    const results: ToolResultBlockParam[] = [];
    for (const block of content)
      if (block.type === 'tool_use')
        results.push({ type: 'tool_result', tool_use_id: block.id, content: await noteAt(block.input) });
    if (results.length === 0)
      return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    messages.push({ role: 'assistant', content }, { role: 'user', content: results });
  }
}

async function google(url: string, key: string, model: string): Promise<string> {
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });
  const contents: Content[] = [{ role: 'user', parts: [{ text: PROMPT }] }];
  const config = {
    tools: [{ functionDeclarations: [{ name: 'read_file', parametersJsonSchema: PARAMETERS }] }],
  };
  for (let turn = 0; ; turn++) {
    const parts: Part[] = [];
    const asked = { model, contents, config };
    if (turn % 2 === 0)
      for await (const chunk of await client.models.generateContentStream(asked))
        parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
    else parts.push(...((await client.models.generateContent(asked)).candidates?.[0]?.content?.parts ?? []));
    const results: Part[] = [];
    for (const { functionCall: call } of parts)
      if (call)
        results.push({
          functionResponse: {
            ...(call.id !== undefined && { id: call.id }),
            ...(call.name !== undefined && { name: call.name }),
            response: { output: await noteAt(call.args) },
          },
        });
    if (results.length === 0) return parts.map(({ text }) => text ?? '').join('');
    contents.push({ role: 'model', parts }, { role: 'user', parts: results });
  }
}

export const librarySessions: readonly LibrarySession[] = [
  { name: 'openai-on-generate', protocol: 'generate', converse: openai },
  { name: 'openai-on-bedrock', protocol: 'messages', isBedrock: true, converse: openai },
  { name: 'anthropic-on-chat', protocol: 'chat', converse: anthropic },
  { name: 'anthropic-on-responses', protocol: 'responses', converse: anthropic },
  { name: 'anthropic-on-generate', protocol: 'generate', converse: anthropic },
  { name: 'google-on-chat', protocol: 'chat', converse: google },
  { name: 'google-on-messages', protocol: 'messages', converse: google },
];
