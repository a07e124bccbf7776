import { readFile } from 'node:fs/promises';
import OpenAI from 'openai';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { Session } from './sessions.js';

/** The openai library in a loop of tools, as programs write it: in pieces and whole by turns. */
export async function runOpenai(url: string, key: string, model: string): Promise<string> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'Read all notes.' }];
  const parameters = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] };
  const tools = [{ type: 'function' as const, function: { name: 'read_file', parameters } }];
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
      const { path } = JSON.parse(call.function.arguments) as { path: string };
      messages.push({ role: 'tool', tool_call_id: call.id, content: await readFile(path, 'utf8') });
    }
  }
}

export type LibrarySession = Pick<Session, 'name' | 'protocol' | 'isBedrock'>;

export const librarySessions: readonly LibrarySession[] = [
  { name: 'openai-on-generate', protocol: 'generate' },
  { name: 'openai-on-bedrock', protocol: 'messages', isBedrock: true },
];
