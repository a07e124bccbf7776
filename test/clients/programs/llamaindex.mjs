// LlamaIndex in a loop of tools. It is run from the folder that it is installed in.
// llamaindex.mjs <relay> <key> <model> <prompt>
import { readFile } from 'node:fs/promises';
import { tool } from '@llamaindex/core/tools';
import { openai } from '@llamaindex/openai';
import { z } from 'zod';

const [url, apiKey, model, prompt] = process.argv.slice(2);
const llm = openai({ model, apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
const readNote = tool({
  name: 'read_file',
  description: 'Reads a file.',
  parameters: z.object({ path: z.string() }),
  execute: ({ path }) => readFile(path, 'utf8'),
});
const messages = [{ role: 'user', content: prompt }];
for (;;) {
  const { newMessages, toolCalls } = await llm.exec({ messages, tools: [readNote] });
  messages.push(...newMessages);
  if (toolCalls.length > 0) continue;
  console.log(newMessages.at(-1).content);
  break;
}
