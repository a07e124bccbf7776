import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import type { AnswerFormat, CanonicalRequest, Thinking, Tool } from '../canonical.js';
import type { LossName } from '../loss-table.js';
import type { Losses } from '../losses.js';
import { dropOthers, effortAt, numberAt, schemaOf, stringAt } from '../reading.js';
import { readToolChoice } from '../tool-choice.js';
import { readMessages } from './read-messages.js';

const READ: ReadonlySet<string> = new Set([
  ...['model', 'messages', 'stream', 'stream_options', 'max_tokens', 'max_completion_tokens', 'n', 'tools'],
  ...[
    'tool_choice',
    'functions',
    'function_call',
    'parallel_tool_calls',
    'temperature',
    'top_p',
    'top_k',
    'stop',
  ],
  ...[
    'response_format',
    'reasoning_effort',
    'reasoning',
    'user',
    'safety_identifier',
    'metadata',
    'service_tier',
  ],
  ...[
    'seed',
    'frequency_penalty',
    'presence_penalty',
    'logit_bias',
    'logprobs',
    'top_logprobs',
    'modalities',
  ],
  ...['audio', 'prediction', 'web_search_options', 'store', 'verbosity'],
]);
const USUAL_TIERS: ReadonlySet<unknown> = new Set(['auto', 'default', 'standard']);

/** Members that have no place elsewhere -> how their loss is called, where they say anything at all. */
const WITHOUT_PLACE: readonly (readonly [member: string, loss: LossName])[] = [
  ['web_search_options', 'web_search_options'],
  ['prediction', 'prediction'],
  ['audio', 'modalities'],
  ['logit_bias', 'logit_bias'],
  ['verbosity', 'verbosity'],
  ['metadata', 'metadata'],
];

/** What a request to `/v1/chat/completions` asks. @throws Inconvertible */
export function readRequest(body: JsonObject, losses: Losses): CanonicalRequest {
  tellMembers(body, losses);
  dropOthers(body, READ, losses);
  const { system, turns } = readMessages(body['messages'], losses);
  return {
    system,
    turns,
    ...readToolChoice(body['tool_choice'] ?? body['function_call'], readTools(body, losses)),
    oneCall: body['parallel_tool_calls'] === false,
    outputLimit: numberAt(body['max_completion_tokens']) ?? numberAt(body['max_tokens']),
    temperature: numberAt(body['temperature']),
    topP: numberAt(body['top_p']),
    topK: numberAt(body['top_k']),
    stop: readStop(body['stop']),
    seed: numberAt(body['seed']),
    frequencyPenalty: numberAt(body['frequency_penalty']) || undefined,
    presencePenalty: numberAt(body['presence_penalty']) || undefined,
    thinking: readThinking(body),
    format: readFormat(body['response_format']),
    user: textIn(body['user']) ?? textIn(body['safety_identifier']),
  };
}

function tellMembers(body: JsonObject, losses: Losses): void {
  const { n, logprobs, top_logprobs: top, modalities, service_tier: tier, store } = body;
  if (typeof n === 'number' && n > 1) losses.tell('n');
  if (logprobs === true || numberAt(top)) losses.tell('logprobs');
  if (listAt(modalities).some((each) => each !== 'text')) losses.tell('modalities');
  if ((tier ?? null) !== null && !USUAL_TIERS.has(tier)) losses.tell('service_tier');
  if (store === true) losses.tell('store');
  for (const [member, loss] of WITHOUT_PLACE) {
    const value = body[member] ?? 0;
    if (value !== 0 && !saysNothing(member, value)) losses.tell(loss, member);
  }
}

/** An object with nothing in it, but where being there is what is asked. */
const saysNothing = (member: string, value: unknown): boolean =>
  member !== 'web_search_options' && Object.keys(objectAt(value) ?? { value }).length === 0;

function readTools(body: JsonObject, losses: Losses): Pick<CanonicalRequest, 'tools' | 'hosted'> {
  const tools: Tool[] = [];
  const hosted: { type: string; name: string }[] = [];
  const older = listAt(body['functions']).map((called) => ({ type: 'function', function: called }));
  for (const element of [...listAt(body['tools']), ...older]) {
    const tool = objectAt(element) ?? {};
    const type = stringAt(tool['type']) ?? 'function';
    // Some clients have the form of responses among those of chats, without a member of its own around it.
    const called = objectAt(tool['function']) ?? tool;
    const name = textIn(called['name']);
    if (tool['cache_control']) losses.tell('cache_control');
    if (type !== 'function') {
      const own = textIn(objectAt(tool[type])?.['name']) ?? type;
      hosted.push({ type, name: own });
    } else if (name !== undefined) {
      if (called['strict'] === true) losses.tell('strict');
      tools.push({
        name,
        description: stringAt(called['description']),
        schema: schemaOf(called['parameters']),
      });
    }
  }
  return { tools, hosted };
}

function readStop(stop: unknown): string[] {
  const texts = typeof stop === 'string' ? [stop] : listAt(stop);
  return texts.filter((text): text is string => typeof text === 'string' && text !== '');
}

function readThinking({ reasoning_effort: effort, reasoning }: JsonObject): Thinking | undefined {
  const asked = objectAt(reasoning);
  const told = effortAt(effort) ?? effortAt(asked?.['effort']);
  const budget = numberAt(asked?.['max_tokens']);
  if (told === 'none' || asked?.['enabled'] === false) return { kind: 'off' };
  if (told === undefined && budget === undefined && asked?.['enabled'] !== true) return undefined;
  return { kind: 'on', effort: told, budget };
}

function readFormat(value: unknown): AnswerFormat | undefined {
  const format = objectAt(value);
  if (format?.['type'] === 'json_object') return { kind: 'object' };
  const given = objectAt(format?.['json_schema']);
  const schema = objectAt(given?.['schema']);
  if (!schema) return undefined;
  const strict = given?.['strict'] === true;
  return { kind: 'schema', name: textIn(given?.['name']) ?? 'answer', schema, ...(strict && { strict }) };
}
