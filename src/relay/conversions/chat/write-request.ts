import type { JsonObject } from '../../dialects/json/read.js';
import type { AnswerFormat, CanonicalRequest, ToolChoice } from '../canonical.js';
import { offeredTools } from '../hosted-tools.js';
import type { Names } from '../names.js';
import type { Writing } from '../codec.js';
import { effortOf } from '../thinking.js';
import { writeMessages } from './write-messages.js';

const MOST_STOPS = 4;
/** Asks for a forced tool as strongly as upstreams of this quirk can be asked. */
const AUTO = 'auto';

/** The request as a chat, but for the model's name and the limit of its output. @throws Inconvertible */
export function writeRequest(request: CanonicalRequest, writing: Writing): JsonObject {
  const { losses, names } = writing;
  if (request.stop.length > MOST_STOPS) losses.tell('stop', 'stop_sequences');
  if (request.topK !== undefined) losses.tell('top_k');
  const tools = offeredTools(request, losses).map(({ name, description, schema }) => ({
    type: 'function',
    function: { name: names.tool(name), description, parameters: schema },
  }));
  const body: Record<string, unknown> = {
    messages: writeMessages(request, writing),
    temperature: request.temperature,
    top_p: request.topP,
    stop: request.stop.length > 0 ? request.stop : undefined,
    seed: request.seed,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    response_format: request.format && writeFormat(request.format),
    user: request.user,
    ...thinkingMembers(request, writing),
  };
  if (tools.length > 0) {
    body['tools'] = tools;
    body['tool_choice'] = writeChoice(request, writing);
    body['parallel_tool_calls'] = request.oneCall ? false : undefined;
  }
  if (writing.streamed) {
    body['stream'] = true;
    body['stream_options'] = { include_usage: true };
  }
  return body;
}

function writeFormat(format: AnswerFormat): object {
  if (format.kind === 'object') return { type: 'json_object' };
  const { name, schema, strict } = format;
  return { type: 'json_schema', json_schema: { name, schema, strict } };
}

function writeChoice({ choice, thinking }: CanonicalRequest, { names, losses, quirks }: Writing): unknown {
  if (!choice) return undefined;
  const isForced = choice.kind === 'any' || choice.kind === 'one';
  if (isForced && thinking?.kind === 'on' && quirks.has('no_forced_tool_when_thinking')) {
    losses.tell('tool_choice');
    return AUTO;
  }
  return inWords(choice, names);
}

function inWords(choice: ToolChoice, names: Names): unknown {
  switch (choice.kind) {
    case 'auto':
    case 'none':
      return choice.kind;
    case 'any':
      return 'required';
    case 'one':
      return { type: 'function', function: { name: names.tool(choice.name) } };
  }
}

/** Whether and how hard it thinks: most upstreams take an effort, Qwen a switch and a budget. */
function thinkingMembers({ thinking }: CanonicalRequest, { losses, quirks }: Writing): JsonObject {
  if (!thinking) return {};
  if (quirks.has('enable_thinking')) {
    if (thinking.kind === 'off') return { enable_thinking: false };
    return { enable_thinking: true, thinking_budget: thinking.budget };
  }
  if (thinking.kind === 'off') {
    losses.tell('thinking_off');
    return {};
  }
  const { effort, budget } = thinking;
  if (effort === undefined && budget === undefined) return {};
  const told = effortOf(thinking);
  if (told !== effort) losses.tell('thinking_budget');
  return { reasoning_effort: told };
}
