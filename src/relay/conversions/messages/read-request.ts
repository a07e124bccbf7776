import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import type { AnswerFormat, CanonicalRequest, Thinking, Tool, ToolChoice } from '../canonical.js';
import type { Losses } from '../losses.js';
import { dropOthers, effortAt, numberAt, schemaOf, stringAt, textsOf } from '../reading.js';
import { readTurns } from './read-turns.js';

const READ: ReadonlySet<string> = new Set([
  ...['model', 'stream', 'system', 'messages', 'tools', 'tool_choice', 'max_tokens', 'temperature', 'top_p'],
  ...['top_k', 'stop_sequences', 'thinking', 'output_config', 'output_format', 'metadata', 'service_tier'],
  ...['container', 'cache_control'],
]);
const USUAL_TIERS: ReadonlySet<unknown> = new Set(['auto', 'standard_only', 'standard']);

/** What a request to `/v1/messages` asks. @throws Inconvertible */
export function readRequest(body: JsonObject, losses: Losses): CanonicalRequest {
  const { service_tier: tier, container } = body;
  if ((tier ?? null) !== null && !USUAL_TIERS.has(tier)) losses.tell('service_tier');
  if ((container ?? null) !== null) losses.tell('container');
  if ((body['cache_control'] ?? null) !== null) losses.tell('cache_control');
  dropOthers(body, READ, losses);
  const offered = readTools(body['tools'], losses);
  const choice = objectAt(body['tool_choice']);
  return {
    system: readSystem(body['system'], losses),
    turns: readTurns(body['messages'], losses),
    ...offered,
    choice: readChoice(choice),
    oneCall: choice?.['disable_parallel_tool_use'] === true,
    outputLimit: numberAt(body['max_tokens']),
    temperature: numberAt(body['temperature']),
    topP: numberAt(body['top_p']),
    topK: numberAt(body['top_k']),
    stop: listAt(body['stop_sequences']).filter((text) => typeof text === 'string'),
    seed: undefined,
    frequencyPenalty: undefined,
    presencePenalty: undefined,
    thinking: readThinking(body),
    format: readFormat(body),
    user: readUser(body['metadata'], losses),
  };
}

function readSystem(system: unknown, losses: Losses): string[] {
  for (const block of listAt(system)) if (objectAt(block)?.['cache_control']) losses.tell('cache_control');
  return textsOf(system);
}

function readTools(value: unknown, losses: Losses): Pick<CanonicalRequest, 'tools' | 'hosted'> {
  const tools: Tool[] = [];
  const hosted: { type: string; name: string }[] = [];
  for (const element of listAt(value)) {
    const tool = objectAt(element);
    const name = textIn(tool?.['name']);
    if (!tool || name === undefined) continue;
    const { type, cache_control: mark, strict } = tool;
    if (mark) losses.tell('cache_control');
    if (typeof type === 'string' && type !== 'custom') {
      hosted.push({ type, name });
      continue;
    }
    if (strict === true) losses.tell('strict');
    tools.push({ name, description: stringAt(tool['description']), schema: schemaOf(tool['input_schema']) });
  }
  return { tools, hosted };
}

function readChoice(choice: JsonObject | undefined): ToolChoice | undefined {
  switch (choice?.['type']) {
    case 'auto':
    case 'any':
    case 'none':
      return { kind: choice['type'] };
    case 'tool':
      return { kind: 'one', name: stringAt(choice['name']) ?? '' };
    default:
      return undefined;
  }
}

/** How hard it thinks is said beside whether it does. */
function readThinking({ thinking, output_config: config }: JsonObject): Thinking | undefined {
  const asked = objectAt(thinking);
  const effort = effortAt(objectAt(config)?.['effort']);
  if (asked?.['type'] === 'disabled') return { kind: 'off' };
  const budget = numberAt(asked?.['budget_tokens']);
  if (!asked && effort === undefined) return undefined;
  return { kind: 'on', effort, budget };
}

function readFormat({ output_config: config, output_format: older }: JsonObject): AnswerFormat | undefined {
  const format = objectAt(objectAt(config)?.['format'] ?? older);
  const schema = objectAt(format?.['schema']);
  return schema && { kind: 'schema', name: 'answer', schema };
}

function readUser(value: unknown, losses: Losses): string | undefined {
  const { user_id: user, ...others } = objectAt(value) ?? {};
  if (Object.keys(others).length > 0) losses.tell('metadata');
  return textIn(user);
}
