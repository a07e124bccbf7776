import type { JsonObject } from '../../dialects/json/read.js';
import type { AnswerFormat, CanonicalRequest, ToolChoice } from '../canonical.js';
import type { Writing } from '../codec.js';
import { offeredTools } from '../hosted-tools.js';
import type { Names } from '../names.js';
import { withResults } from '../turns.js';
import { writeContents } from './write-contents.js';
import { writeParameters } from './schema.js';
import { writeThinking } from './write-thinking.js';

/** How what is written begins: the limit of the output goes in here. */
export const CONFIG = '{"generationConfig":{';

const MOST_STOPS = 5;

/** The request for `:generateContent`, but for the model's name, which is in the address, and the limit of its output. @throws Inconvertible */
export function writeRequest(request: CanonicalRequest, writing: Writing): JsonObject {
  const { losses, names } = writing;
  if (request.user !== undefined) losses.tell('user');
  if (request.stop.length > MOST_STOPS) losses.tell('stop', 'stop');
  const turns = withResults(request.turns, losses);
  if (turns.at(-1)?.role === 'assistant') losses.tell('prefill');
  const declarations = offeredTools(request, losses).map(({ name, description, schema }) => ({
    name: names.tool(name),
    description,
    ...writeParameters(schema),
  }));
  if (declarations.length > 0 && request.oneCall) losses.tell('parallel_tool_calls');
  return {
    generationConfig: writeConfig(request, writing),
    contents: writeContents(turns, writing),
    systemInstruction:
      request.system.length > 0 ? { parts: request.system.map((text) => ({ text })) } : undefined,
    ...(declarations.length > 0 && {
      tools: [{ functionDeclarations: declarations }],
      toolConfig: request.choice && { functionCallingConfig: writeChoice(request.choice, names) },
    }),
  };
}

function writeConfig(request: CanonicalRequest, writing: Writing): JsonObject {
  const { stop, format } = request;
  return {
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    stopSequences: stop.length > 0 ? stop : undefined,
    seed: request.seed,
    frequencyPenalty: request.frequencyPenalty,
    presencePenalty: request.presencePenalty,
    ...(format && writeFormat(format)),
    thinkingConfig: writeThinking(request, writing),
  };
}

const writeFormat = (format: AnswerFormat): JsonObject => ({
  responseMimeType: 'application/json',
  responseJsonSchema: format.kind === 'schema' ? format.schema : undefined,
});

function writeChoice(choice: ToolChoice, names: Names): JsonObject {
  if (choice.kind === 'one') return { mode: 'ANY', allowedFunctionNames: [names.tool(choice.name)] };
  return { mode: choice.kind.toUpperCase() };
}
