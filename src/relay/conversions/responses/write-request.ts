import type { JsonObject } from '../../dialects/json/read.js';
import type { AnswerFormat, CanonicalRequest, ToolChoice } from '../canonical.js';
import type { Writing } from '../codec.js';
import { offeredTools } from '../hosted-tools.js';
import type { Names } from '../names.js';
import { tellSteering } from '../steering.js';
import { effortOf } from '../thinking.js';
import { Inconvertible } from '../losses.js';
import { withResults } from '../turns.js';
import { writeItems } from './write-items.js';

/** OpenAI refuses a lower one, and a higher one than the client's would cost more than is held. */
const LEAST_LIMIT = 16;

/** The request for a response that upstream does not keep, but for the model's name and the limit of its output. @throws Inconvertible */
export function writeRequest(request: CanonicalRequest, writing: Writing): JsonObject {
  const { losses, names } = writing;
  if (writing.heldLimit < LEAST_LIMIT)
    throw new Inconvertible(
      'output_limit',
      `Upstream takes no limit of the output below ${LEAST_LIMIT} tokens.`,
    );
  tellSteering(request, losses);
  if (request.topK !== undefined) losses.tell('top_k');
  if (request.stop.length > 0) losses.tell('stop_sequences');
  const turns = withResults(request.turns, losses);
  if (turns.at(-1)?.role === 'assistant') losses.tell('prefill');
  const tools = offeredTools(request, losses).map(({ name, description, schema }) => ({
    type: 'function',
    name: names.tool(name),
    description,
    parameters: schema,
    strict: false,
  }));
  const reasoning = writeReasoning(request, writing);
  return {
    instructions: request.system.length > 0 ? request.system.join('\n\n') : undefined,
    input: writeItems(turns, writing),
    ...(tools.length > 0 && {
      tools,
      tool_choice: request.choice && writeChoice(request.choice, names),
      parallel_tool_calls: request.oneCall ? false : undefined,
    }),
    temperature: request.temperature,
    top_p: request.topP,
    reasoning,
    text: request.format && { format: writeFormat(request.format) },
    user: request.user,
    store: false,
    include: reasoning && ['reasoning.encrypted_content'],
    stream: writing.streamed ? true : undefined,
  };
}

function writeReasoning({ thinking }: CanonicalRequest, { losses }: Writing): JsonObject | undefined {
  if (!thinking) return undefined;
  if (thinking.kind === 'off') {
    losses.tell('thinking_off');
    return undefined;
  }
  const { effort, budget } = thinking;
  if (effort === undefined && budget === undefined) return { summary: 'auto' };
  const told = effortOf(thinking);
  if (told !== effort) losses.tell('thinking_budget');
  return { effort: told, summary: 'auto' };
}

function writeFormat(format: AnswerFormat): JsonObject {
  if (format.kind === 'object') return { type: 'json_object' };
  const { name, schema, strict = false } = format;
  return { type: 'json_schema', name, schema, strict };
}

function writeChoice(choice: ToolChoice, names: Names): unknown {
  if (choice.kind === 'one') return { type: 'function', name: names.tool(choice.name) };
  return choice.kind === 'any' ? 'required' : choice.kind;
}
