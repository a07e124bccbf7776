import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import type { AnswerFormat, CanonicalRequest, Thinking } from '../canonical.js';
import type { LossName } from '../loss-table.js';
import type { Losses } from '../losses.js';
import { dropOthers, effortAt, numberAt } from '../reading.js';
import { readToolChoice } from '../tool-choice.js';
import { readItems } from './read-items.js';
import { readTools, toolsFound } from './read-tools.js';

const READ: ReadonlySet<string> = new Set([
  ...[
    'model',
    'input',
    'instructions',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'max_output_tokens',
    'stream',
  ],
  ...[
    'temperature',
    'top_p',
    'reasoning',
    'text',
    'store',
    'include',
    'metadata',
    'user',
    'safety_identifier',
  ],
  ...[
    'service_tier',
    'previous_response_id',
    'conversation',
    'prompt',
    'background',
    'top_logprobs',
    'stream_options',
  ],
]);
const USUAL_TIERS: ReadonlySet<unknown> = new Set(['auto', 'default', 'standard']);
const KEPT: readonly (readonly [member: string, loss: LossName])[] = [
  ['previous_response_id', 'previous_response_id'],
  ['conversation', 'conversation'],
  ['prompt', 'prompt'],
];

/** What a request to `/v1/responses` asks. @throws Inconvertible */
export function readRequest(body: JsonObject, losses: Losses): CanonicalRequest {
  tellMembers(body, losses);
  dropOthers(body, READ, losses);
  const { system, turns } = readItems(body['input'], losses);
  const tools = [...listAt(body['tools']), ...toolsFound(body['input'])];
  const instructions = textIn(body['instructions']);
  return {
    system: instructions === undefined ? system : [instructions, ...system],
    turns,
    ...readToolChoice(body['tool_choice'], readTools(tools, losses)),
    oneCall: body['parallel_tool_calls'] === false,
    outputLimit: numberAt(body['max_output_tokens']),
    temperature: numberAt(body['temperature']),
    topP: numberAt(body['top_p']),
    topK: undefined,
    stop: [],
    seed: undefined,
    frequencyPenalty: undefined,
    presencePenalty: undefined,
    thinking: readThinking(body['reasoning']),
    format: readFormat(body['text']),
    user: textIn(body['user']) ?? textIn(body['safety_identifier']),
  };
}

function tellMembers(body: JsonObject, losses: Losses): void {
  const { service_tier: tier, top_logprobs: top, include, text, metadata, store } = body;
  for (const [member, loss] of KEPT) if ((body[member] ?? null) !== null) losses.tell(loss, member);
  if (numberAt(top) || listAt(include).includes('message.output_text.logprobs')) losses.tell('logprobs');
  if ((tier ?? null) !== null && !USUAL_TIERS.has(tier)) losses.tell('service_tier');
  if (objectAt(text)?.['verbosity']) losses.tell('verbosity');
  if (Object.keys(objectAt(metadata) ?? {}).length > 0) losses.tell('metadata');
  if (store === true) losses.tell('store');
}

function readThinking(value: unknown): Thinking | undefined {
  const effort = effortAt(objectAt(value)?.['effort']);
  if (effort === 'none') return { kind: 'off' };
  return effort && { kind: 'on', effort, budget: undefined };
}

function readFormat(value: unknown): AnswerFormat | undefined {
  const format = objectAt(objectAt(value)?.['format']);
  if (format?.['type'] === 'json_object') return { kind: 'object' };
  const schema = objectAt(format?.['schema']);
  if (!schema) return undefined;
  const strict = format?.['strict'] === true;
  return { kind: 'schema', name: textIn(format?.['name']) ?? 'answer', schema, ...(strict && { strict }) };
}
