// LangChain in a loop of tools. It is run from the folder that it is installed in.
// langchain.mjs <openai|anthropic|google> <relay> <key> <model> <prompt>
import { readFile } from 'node:fs/promises';
import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatGoogleGenerativeAI } from '@langchain/google-genai';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';

const [kind, url, apiKey, model, prompt] = process.argv.slice(2);
const models = {
  openai: () => new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL: `${url}/v1` } }),
  anthropic: () => new ChatAnthropic({ model, apiKey, maxRetries: 0, anthropicApiUrl: url }),
  google: () => new ChatGoogleGenerativeAI({ model, apiKey, maxRetries: 0, baseUrl: url }),
};
const readNote = tool(({ path }) => readFile(path, 'utf8'), {
  name: 'read_file',
  description: 'Reads a file.',
  schema: z.object({ path: z.string() }),
});
const asked = models[kind]().bindTools([readNote]);
const messages = [new HumanMessage(prompt)];
for (;;) {
  const answer = await asked.invoke(messages);
  messages.push(answer);
  const calls = answer.tool_calls ?? [];
  for (const { id, name, args } of calls)
    messages.push(new ToolMessage({ tool_call_id: id, name, content: await readNote.invoke(args) }));
  if (calls.length > 0) continue;
  console.log(answer.text);
  break;
}
