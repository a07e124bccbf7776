import { type JsonObject, listAt, objectAt, textIn } from '../../dialects/json/read.js';
import { efforts } from '../canonical.js';
import type { AnswerFormat, CanonicalRequest, Effort, Thinking, Tool } from '../canonical.js';
import type { Losses } from '../losses.js';
import { dropOthers, stringAt } from '../reading.js';
import { onlyOf } from '../tool-choice.js';
import { listOrOne, membersAt } from './json-names.js';
import { readContents, readInstruction } from './read-contents.js';
import { readSchema } from './schema.js';

const READ: ReadonlySet<string> = new Set([
  ...['model', 'contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig', 'safetySettings'],
  ...['cachedContent', 'labels'],
]);
const READ_CONFIG: ReadonlySet<string> = new Set([
  ...['maxOutputTokens', 'temperature', 'topP', 'topK', 'stopSequences', 'candidateCount', 'seed'],
  ...['frequencyPenalty', 'presencePenalty', 'responseMimeType', 'responseSchema', 'responseJsonSchema'],
  ...['responseLogprobs', 'logprobs', 'responseModalities', 'speechConfig', 'imageConfig', 'thinkingConfig'],
]);

/** What a request to `:generateContent` asks. @throws Inconvertible */
export function readRequest(given: JsonObject, losses: Losses): CanonicalRequest {
  const body = membersAt(given);
  const config = membersAt(body['generationConfig']);
  tellMembers(body, config, losses);
  const thinking = membersAt(config['thinkingConfig']);
  return {
    system: readInstruction(body['systemInstruction']),
    turns: readContents(body['contents'], losses),
    ...readChoice(body['toolConfig'], readTools(body['tools'])),
    oneCall: false,
    outputLimit: countAt(config['maxOutputTokens']),
    temperature: countAt(config['temperature']),
    topP: countAt(config['topP']),
    topK: countAt(config['topK']),
    stop: listAt(config['stopSequences']).filter(
      (text) => typeof text === 'string' && text !== '',
    ) as string[],
    seed: countAt(config['seed']),
    frequencyPenalty: countAt(config['frequencyPenalty']) || undefined,
    presencePenalty: countAt(config['presencePenalty']) || undefined,
    thinking: readThinking(thinking),
    format: readFormat(config),
    user: undefined,
    hidesThoughts: thinking['includeThoughts'] !== true,
  };
}

/** Numbers may come as text, as in all of Google's JSON. */
function countAt(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : undefined;
}

function tellMembers(body: JsonObject, config: JsonObject, losses: Losses): void {
  dropOthers(body, READ, losses);
  dropOthers(config, READ_CONFIG, losses);
  if ((countAt(config['candidateCount']) ?? 1) > 1) losses.tell('n', 'generationConfig');
  if (config['responseLogprobs'] === true) losses.tell('logprobs', 'generationConfig');
  const isOfTexts = listAt(config['responseModalities']).every((each) => each === 'TEXT' || each === 1);
  if (!isOfTexts || config['speechConfig'] || config['imageConfig'])
    losses.tell('modalities', 'generationConfig');
  if (listAt(body['safetySettings']).length > 0) losses.tell('safety_settings');
  if (Object.keys(objectAt(body['labels']) ?? {}).length > 0) losses.tell('metadata');
}

/** Functions; each other member of a tool is one that upstream would run. */
function readTools(value: unknown): Pick<CanonicalRequest, 'tools' | 'hosted'> {
  const tools: Tool[] = [];
  const hosted: { type: string; name: string }[] = [];
  for (const element of listOrOne(value)) {
    const { functionDeclarations, ...others } = membersAt(element);
    for (const declared of listOrOne(functionDeclarations)) {
      const { name, description, parameters, parametersJsonSchema } = membersAt(declared);
      const called = textIn(name);
      if (called === undefined) continue;
      const schema = readSchema(parameters, parametersJsonSchema);
      tools.push({ name: called, description: stringAt(description), schema });
    }
    for (const [type, asked] of Object.entries(others)) if (asked) hosted.push({ type, name: type });
  }
  return { tools, hosted };
}

/** Where some of the functions are allowed and not all, the others are not offered: that is the same. */
function readChoice(
  value: unknown,
  offered: Pick<CanonicalRequest, 'tools' | 'hosted'>,
): Pick<CanonicalRequest, 'tools' | 'hosted' | 'choice'> {
  const { mode, allowedFunctionNames } = membersAt(membersAt(value)['functionCallingConfig']);
  const names = listAt(allowedFunctionNames);
  const [name, ...others] = names;
  if (mode === 'ANY' && typeof name === 'string' && others.length === 0)
    return { choice: { kind: 'one', name }, ...offered };
  const kind = MODES[String(mode)];
  const allowed = kind !== 'none' && names.length > 0 ? onlyOf(offered, new Set(names)) : offered;
  return { choice: kind && { kind }, ...allowed };
}

const MODES: Readonly<Record<string, 'any' | 'none' | 'auto' | undefined>> = {
  ANY: 'any',
  NONE: 'none',
  AUTO: 'auto',
  VALIDATED: 'auto',
};

/** A budget below 0 is the model's own. */
function readThinking({ thinkingBudget, thinkingLevel, includeThoughts }: JsonObject): Thinking | undefined {
  const budget = countAt(thinkingBudget);
  const level = (stringAt(thinkingLevel) ?? '').toLowerCase();
  const effort = efforts.find((each): each is Effort => each === level);
  if (budget === 0) return { kind: 'off' };
  if (budget === undefined && effort === undefined && includeThoughts !== true) return undefined;
  return { kind: 'on', effort, budget: budget !== undefined && budget > 0 ? budget : undefined };
}

function readFormat(config: JsonObject): AnswerFormat | undefined {
  const { responseSchema, responseJsonSchema, responseMimeType } = config;
  if (objectAt(responseSchema) || objectAt(responseJsonSchema))
    return { kind: 'schema', name: 'answer', schema: readSchema(responseSchema, responseJsonSchema) };
  return responseMimeType === 'application/json' ? { kind: 'object' } : undefined;
}
