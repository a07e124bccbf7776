// The AI SDK in a loop of tools. It is run from the folder that it is installed in.
// ai-sdk.mjs <openai|openai-chat|anthropic|google> <relay> <key> <model> <prompt>
import { readFile } from 'node:fs/promises';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';

const [kind, url, apiKey, name, prompt] = process.argv.slice(2);
const models = {
  openai: () => createOpenAI({ baseURL: `${url}/v1`, apiKey })(name),
  'openai-chat': () => createOpenAI({ baseURL: `${url}/v1`, apiKey }).chat(name),
  anthropic: () => createAnthropic({ baseURL: `${url}/v1`, apiKey })(name),
  google: () => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey })(name),
};
const answer = streamText({
  model: models[kind](),
  prompt,
  maxOutputTokens: 1_000,
  maxRetries: 0,
  // Else it sends the ids of what the provider has kept in place of what was said.
  providerOptions: { openai: { store: false } },
  stopWhen: stepCountIs(100),
  tools: {
    read_file: tool({
      description: 'Reads a file.',
      inputSchema: z.object({ path: z.string() }),
      execute: ({ path }) => readFile(path, 'utf8'),
    }),
  },
});
console.log(await answer.text);
