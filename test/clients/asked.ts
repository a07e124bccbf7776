import type { ConvertibleProtocol } from '../../src/domain/channel/conversion.js';
import type { ParsedJson } from '../support/parsed-json.js';

export interface OfferedTool {
  readonly name: string;
  /** JSON Schema of an object. */
  readonly schema: ParsedJson;
}

/** What an upstream sees of a loop of tools. Written anew here: what is judged shares no code with its judge. */
export interface Asked {
  readonly tools: readonly OfferedTool[];
  /** Results of calls in the conversation so far. */
  readonly results: number;
}

const list = (value: ParsedJson): ParsedJson[] => (Array.isArray(value) ? value : []);
const count = (values: ParsedJson[], is: (value: ParsedJson) => boolean): number => values.filter(is).length;

export const readAsked: Readonly<Record<ConvertibleProtocol, (body: ParsedJson) => Asked>> = {
  chat: (body) => ({
    tools: list(body.tools).map(({ function: { name, parameters } }) => ({ name, schema: parameters })),
    results: count(list(body.messages), ({ role }) => role === 'tool'),
  }),
  messages: (body) => ({
    tools: list(body.tools).map(({ name, input_schema: schema }) => ({ name, schema })),
    results: count(
      list(body.messages).flatMap(({ content }) => list(content)),
      ({ type }) => type === 'tool_result',
    ),
  }),
  responses: (body) => ({
    tools: list(body.tools)
      .filter(({ type }) => type === 'function')
      .map(({ name, parameters }) => ({ name, schema: parameters })),
    results: count(list(body.input), ({ type }) => type === 'function_call_output'),
  }),
  generate: (body) => ({
    tools: list(body.tools)
      .flatMap(({ functionDeclarations }) => list(functionDeclarations))
      .map(({ name, parameters, parametersJsonSchema }) => ({
        name,
        schema: parametersJsonSchema ?? parameters,
      })),
    results: count(
      list(body.contents).flatMap(({ parts }) => list(parts)),
      ({ functionResponse }) => functionResponse !== undefined,
    ),
  }),
};
