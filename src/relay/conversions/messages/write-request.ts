import type { JsonObject } from '../../dialects/json/read.js';
import type { CanonicalRequest, ToolChoice } from '../canonical.js';
import type { Writing } from '../codec.js';
import { offeredTools } from '../hosted-tools.js';
import type { Names } from '../names.js';
import { tellSteering } from '../steering.js';
import { withResults } from '../turns.js';
import { writeThinking } from './write-thinking.js';
import { writeTurns } from './write-turns.js';

const AS_JSON = 'Answer with one JSON object and nothing else.';

/** The request as a message, but for the model's name and the limit of its output. @throws Inconvertible */
export function writeRequest(request: CanonicalRequest, writing: Writing): JsonObject {
  const { losses, names } = writing;
  const { format, stop, user } = request;
  tellSteering(request, losses);
  const stops = stop.filter((text) => text.trim() !== '');
  if (stops.length < stop.length) losses.tell('stop_sequences');
  const turns = withResults(request.turns, losses);
  const tools = offeredTools(request, losses).map(({ name, description, schema }) => ({
    name: names.tool(name),
    description,
    input_schema: schema,
  }));
  const system = request.system.filter((text) => text.trim() !== '');
  if (format?.kind === 'object') {
    losses.tell('response_format');
    system.push(AS_JSON);
  }
  const { thinking, effort } = writeThinking(request, turns, writing);
  const config = {
    effort,
    format: format?.kind === 'schema' ? { type: 'json_schema', schema: format.schema } : undefined,
  };
  return {
    system: system.length > 0 ? system.join('\n\n') : undefined,
    messages: writeTurns(turns, { showsThoughts: thinking !== undefined, ...writing }),
    ...(tools.length > 0 && { tools, tool_choice: writeChoice(request, names) }),
    ...samplingOf(request, writing, thinking !== undefined),
    stop_sequences: stops.length > 0 ? stops : undefined,
    thinking,
    output_config: config.effort || config.format ? config : undefined,
    metadata: user === undefined ? undefined : { user_id: user },
    stream: writing.streamed ? true : undefined,
  };
}

/** Temperature goes to 1 here, and neither it nor `top_p` goes with thinking. */
function samplingOf(
  { temperature, topP, topK }: CanonicalRequest,
  { losses }: Writing,
  thinks: boolean,
): JsonObject {
  if (thinks) {
    if (temperature !== undefined && temperature !== 1) losses.tell('temperature');
    if (topP !== undefined) losses.tell('sampling');
    return {};
  }
  if (temperature !== undefined && temperature > 1) losses.tell('temperature');
  return {
    temperature: temperature === undefined ? undefined : Math.min(1, temperature),
    top_p: topP,
    top_k: topK,
  };
}

function writeChoice({ choice, oneCall }: CanonicalRequest, names: Names): JsonObject | undefined {
  if (!choice && !oneCall) return undefined;
  const said = choiceOf(choice ?? { kind: 'auto' }, names);
  return oneCall && said['type'] !== 'none' ? { disable_parallel_tool_use: true, ...said } : said;
}

const choiceOf = (choice: ToolChoice, names: Names): JsonObject =>
  choice.kind === 'one' ? { type: 'tool', name: names.tool(choice.name) } : { type: choice.kind };
