import type { Usage } from '../../../domain/pricing/usage.js';
import type { JsonObject } from '../../dialects/json/read.js';
import type { CallPart, CanonicalAnswer, Finish, ToolForm } from '../canonical.js';
import type { AnswerContext } from '../codec.js';
import { writeUsage } from './write-usage.js';

/** An item of the output; its id tells what it is. */
export type Item = Readonly<Record<string, unknown>>;

const idOf = (prefix: string, place: number, { requestId }: AnswerContext): string =>
  `${prefix}_${requestId.replaceAll('-', '')}${place}`;

/** A text, as far as it has come. */
export const messageItem = (place: number, text: string, status: string, context: AnswerContext): Item => ({
  id: idOf('msg', place, context),
  type: 'message',
  status,
  role: 'assistant',
  content: status === 'in_progress' ? [] : [textPart(text)],
});

export const textPart = (text: string): object => ({
  type: 'output_text',
  text,
  annotations: [],
  logprobs: [],
});

/** A thought: what of it may be read, and what it is known by when it comes back. */
export const reasoningItem = (
  place: number,
  text: string,
  sealed: string | null,
  context: AnswerContext,
): Item => ({
  id: idOf('rs', place, context),
  type: 'reasoning',
  summary: text === '' ? [] : [summaryPart(text)],
  encrypted_content: sealed,
});

export const summaryPart = (text: string): object => ({ type: 'summary_text', text });

/** A call by the name that the client gave, and in the form that it has for such tools. */
export function callItem(
  place: number,
  { id, name, input }: Omit<CallPart, 'kind'>,
  status: string,
  context: AnswerContext,
): Item {
  const { kind, namespace, name: own } = formOf(name, context);
  if (kind === 'search')
    return {
      id: idOf('tsc', place, context),
      type: 'tool_search_call',
      call_id: id,
      execution: 'client',
      status,
      arguments: searchInput(input),
    };
  const called = { call_id: id, name: own, ...(namespace !== undefined && { namespace }), status };
  if (kind === 'freeform')
    return {
      id: idOf('ctc', place, context),
      type: 'custom_tool_call',
      ...called,
      input: freeformInput(input),
    };
  return { id: idOf('fc', place, context), type: 'function_call', ...called, arguments: input };
}

/** How the client knows the tool that upstream calls so. */
export function formOf(name: string, context: AnswerContext): ToolForm {
  const original = context.originalName(name);
  const form = context.tools.find((tool) => tool.name === original)?.form;
  return form ?? { kind: 'function', namespace: undefined, name: original };
}

/** An object, where others have its text. */
function searchInput(input: string): unknown {
  try {
    return JSON.parse(input || '{}');
  } catch {
    return {};
  }
}

/** The bare text of a freeform tool; what a model made of it otherwise goes as it is. */
export function freeformInput(input: string): string {
  if (input === '') return '';
  try {
    const { input: text } = JSON.parse(input) as JsonObject;
    return typeof text === 'string' ? text : input;
  } catch {
    return input;
  }
}

/** What a response says of itself by and by. */
interface Said {
  readonly status: 'in_progress' | 'failed' | Ending['status'];
  readonly output: readonly Item[];
  readonly usage: object | null;
  readonly error?: object;
  readonly incomplete_details?: object | undefined;
}

/** The response, as far as it has come. */
export const writeResponse = (model: string | undefined, said: Said, context: AnswerContext): object => ({
  id: `resp_${context.requestId.replaceAll('-', '')}`,
  object: 'response',
  created_at: context.createdAt,
  error: said.error ?? null,
  incomplete_details: said.incomplete_details ?? null,
  instructions: null,
  metadata: {},
  model: model ?? context.model,
  parallel_tool_calls: true,
  previous_response_id: null,
  store: false,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  status: said.status,
  output: said.output,
  usage: said.usage,
});

interface Ending {
  readonly status: 'completed' | 'incomplete';
  readonly incomplete_details?: { readonly reason: string };
}

/** How it ended. */
export function writeFinish({ reason }: Finish): Ending {
  if (reason === 'limit')
    return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
  if (reason === 'refused') return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
  return { status: 'completed' };
}

/** A whole response. */
export function writeAnswer(
  { model, parts, finish }: CanonicalAnswer,
  usage: Usage,
  context: AnswerContext,
): object {
  const output = parts.map((part, place) => {
    switch (part.kind) {
      case 'text':
        return messageItem(place, part.text, 'completed', context);
      case 'thought':
        return reasoningItem(place, part.text, context.seal(part.signature ?? ''), context);
      case 'call':
        return callItem(place, part, 'completed', context);
    }
  });
  const { status, incomplete_details } = writeFinish(finish);
  return writeResponse(model, { status, incomplete_details, output, usage: writeUsage(usage) }, context);
}
