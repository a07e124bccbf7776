import type { ConvertibleProtocol } from '../../../src/domain/channel/conversion.js';
import {
  blockDelta,
  blockStart,
  blockStop,
  message,
  messageDelta,
  messageStart,
  messageStop,
  ping,
} from './anthropic-shapes.js';
import { usage as geminiUsage } from './gemini-shapes.js';
import { checkChat, checkGenerate, checkMessages, checkResponses } from './stream-grammar.js';
import { DONE, frame } from './test-upstream.js';
import type { ParsedJson } from '../../support/parsed-json.js';

/** What an upstream says, in no dialect: every dialect can say it, and every client must read it so. */
export interface Said {
  readonly thought?: string;
  /** Of the thought, where the dialect has such things. */
  readonly proof?: string;
  readonly text?: string;
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly input: object }[];
  readonly reason?: 'end' | 'limit' | 'refused';
  /** Reports nothing. */
  readonly unmetered?: boolean;
}

/** 8 plain, 4 cached, 5 output. */
const OPENAI = { prompt_tokens: 12, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } };
const ANTHROPIC = { input_tokens: 8, cache_read_input_tokens: 4, output_tokens: 5 };
const GOOGLE = geminiUsage(12, 5, { cachedContentTokenCount: 4 });
const RESPONSES = {
  input_tokens: 12,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 17,
};

type Json = Record<string, unknown>;
interface Speaker {
  whole(said: Said): object;
  /** Frame by frame. */
  pieces(said: Said): string[];
}

/** In pieces of at most three characters, of which some are cut through. */
const cut = (text: string): string[] => text.match(/[^]{1,3}/gu) ?? [];
const json = (input: object): string => JSON.stringify(input);

const messages: Speaker = {
  whole: ({ thought, proof, text, calls = [], reason = 'end', unmetered }) =>
    message(
      [
        ...(thought === undefined ? [] : [{ type: 'thinking', thinking: thought, signature: proof ?? '' }]),
        ...(text === undefined ? [] : [{ type: 'text', text }]),
        ...calls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input })),
      ],
      unmetered ? undefined : ANTHROPIC,
      { stop_reason: reasonOf.messages(reason, calls.length) },
    ),
  pieces: ({ thought, proof, text, calls = [], reason = 'end', unmetered }) => {
    const frames = [messageStart(unmetered ? {} : { ...ANTHROPIC, output_tokens: 1 }), ping];
    let index = 0;
    const block = (begun: object, deltas: readonly object[]) =>
      frames.push(
        blockStart(begun, index),
        ...deltas.map((each) => blockDelta(each, index)),
        blockStop(index++),
      );
    if (thought !== undefined)
      block({ type: 'thinking', thinking: '', signature: '' }, [
        ...cut(thought).map((thinking) => ({ type: 'thinking_delta', thinking })),
        ...(proof ? [{ type: 'signature_delta', signature: proof }] : []),
      ]);
    if (text !== undefined)
      block(
        { type: 'text', text: '' },
        cut(text).map((each) => ({ type: 'text_delta', text: each })),
      );
    for (const { id, name, input } of calls)
      block(
        { type: 'tool_use', id, name, input: {} },
        cut(json(input)).map((partial_json) => ({ type: 'input_json_delta', partial_json })),
      );
    const told = reasonOf.messages(reason, calls.length);
    return [...frames, messageDelta(unmetered ? undefined : { output_tokens: 5 }, told), messageStop];
  },
};

const chunk = (delta: object, finish: string | null = null) =>
  frame({ id: 'c', model: 'upstream-model', choices: [{ index: 0, delta, finish_reason: finish }] });

const chat: Speaker = {
  whole: ({ thought, text, calls = [], reason = 'end', unmetered }) => ({
    id: 'c',
    object: 'chat.completion',
    model: 'upstream-model',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text ?? null,
          ...(thought !== undefined && { reasoning_content: thought }),
          ...(calls.length > 0 && {
            tool_calls: calls.map(({ id, name, input }) => ({
              id,
              type: 'function',
              function: { name, arguments: json(input) },
            })),
          }),
        },
        finish_reason: reasonOf.chat(reason, calls.length),
      },
    ],
    ...(!unmetered && { usage: OPENAI }),
  }),
  // Calls are written side by side, as chats may.
  pieces: ({ thought, text, calls = [], reason = 'end', unmetered }) => {
    const rows = calls.map(({ input }) => cut(json(input)));
    const longest = Math.max(0, ...rows.map(({ length }) => length));
    const sideBySide = Array.from({ length: longest }, (_, step) =>
      rows.flatMap((row, index) =>
        row[step] === undefined
          ? []
          : [chunk({ tool_calls: [{ index, function: { arguments: row[step] } }] })],
      ),
    ).flat();
    return [
      chunk({ role: 'assistant', content: '' }),
      ': a comment\n\n',
      ...cut(thought ?? '').map((reasoning_content) => chunk({ reasoning_content })),
      ...cut(text ?? '').map((content) => chunk({ content })),
      ...calls.map(({ id, name }, index) =>
        chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ),
      ...sideBySide,
      chunk({}, reasonOf.chat(reason, calls.length)),
      ...(unmetered ? [] : [frame({ id: 'c', choices: [], usage: OPENAI })]),
      DONE,
    ];
  },
};

function itemsOf({ thought, proof, text, calls = [] }: Said): Json[] {
  return [
    ...(thought === undefined
      ? []
      : [
          {
            type: 'reasoning',
            id: 'rs_1',
            summary: [{ type: 'summary_text', text: thought }],
            ...(proof && { encrypted_content: proof }),
          },
        ]),
    ...(text === undefined
      ? []
      : [{ type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text }] }]),
    ...calls.map(({ id, name, input }, n) => ({
      type: 'function_call',
      id: `fc_${n}`,
      call_id: id,
      name,
      arguments: json(input),
    })),
  ];
}

const responseOf = ({ reason = 'end', unmetered }: Said, output: readonly Json[]): object => ({
  id: 'resp_1',
  object: 'response',
  model: 'upstream-model',
  error: null,
  store: false,
  status: reason === 'end' ? 'completed' : 'incomplete',
  incomplete_details:
    reason === 'end' ? null : { reason: reason === 'limit' ? 'max_output_tokens' : 'content_filter' },
  output,
  usage: unmetered ? null : RESPONSES,
});

const DELTA_OF: Readonly<Record<string, string>> = {
  reasoning: 'response.reasoning_summary_text.delta',
  message: 'response.output_text.delta',
  function_call: 'response.function_call_arguments.delta',
};

const responses: Speaker = {
  whole: (said) => responseOf(said, itemsOf(said)),
  pieces: (said) => {
    let sequence_number = 0;
    const event = (type: string, fields: object) =>
      `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence_number++, ...fields })}\n\n`;
    const items = itemsOf(said);
    const begun = { id: 'resp_1', model: 'upstream-model', status: 'in_progress', output: [], usage: null };
    const frames = [event('response.created', { response: begun })];
    for (const [output_index, item] of items.entries()) {
      const empty = { ...item, summary: [], content: [], arguments: '', encrypted_content: undefined };
      const [part] = (item['summary'] ?? item['content'] ?? []) as Json[];
      const text = String(part?.['text'] ?? item['arguments']);
      frames.push(event('response.output_item.added', { output_index, item: empty }));
      for (const delta of cut(text))
        frames.push(event(DELTA_OF[String(item['type'])] as string, { output_index, delta }));
      frames.push(event('response.output_item.done', { output_index, item }));
    }
    const response = responseOf(said, items);
    const { status } = response as { status: string };
    return [...frames, event(`response.${status}`, { response })];
  },
};

/** A call is one part, and has its proof in it; without calls the text has it. */
function partsOf({ thought, proof, text, calls = [] }: Said): Json[] {
  const signed = proof === undefined ? {} : { thoughtSignature: proof };
  return [
    ...(thought === undefined ? [] : [{ text: thought, thought: true }]),
    ...(text === undefined ? [] : [{ text, ...(calls.length === 0 && signed) }]),
    ...calls.map(({ name, input }, n) => ({
      functionCall: { name, args: input },
      ...(n === 0 && signed),
    })),
  ];
}

const payload = (parts: readonly Json[], more: object = {}, fields: object = {}): object => ({
  candidates: [{ content: { role: 'model', parts }, ...more }],
  ...fields,
  modelVersion: 'upstream-model',
  responseId: 'g1',
});

const generate: Speaker = {
  whole: (said) =>
    payload(partsOf(said), { finishReason: reasonOf.generate(said.reason) }, said.unmetered ? {} : GOOGLE),
  pieces: (said) => {
    const parts = partsOf(said).flatMap((part): Json[] => {
      const { text, ...rest } = part;
      if (typeof text !== 'string') return [part];
      return cut(text).map((piece, n) => ({ text: piece, ...(n === 0 || rest['thought'] ? rest : {}) }));
    });
    const last = payload(
      [{ text: '' }],
      { finishReason: reasonOf.generate(said.reason) },
      said.unmetered ? {} : GOOGLE,
    );
    return [...parts.map((part) => payload([part])), last].map((each) => frame(each));
  },
};

const reasonOf = {
  messages: (reason: Said['reason'], calls: number): string =>
    reason === 'limit'
      ? 'max_tokens'
      : reason === 'refused'
        ? 'refusal'
        : calls > 0
          ? 'tool_use'
          : 'end_turn',
  chat: (reason: Said['reason'], calls: number): string =>
    reason === 'limit'
      ? 'length'
      : reason === 'refused'
        ? 'content_filter'
        : calls > 0
          ? 'tool_calls'
          : 'stop',
  generate: (reason: Said['reason']): string =>
    reason === 'limit' ? 'MAX_TOKENS' : reason === 'refused' ? 'SAFETY' : 'STOP',
};

/** How an upstream of each protocol says it. */
export const speakers: Readonly<Record<ConvertibleProtocol, Speaker>> = {
  messages,
  chat,
  responses,
  generate,
};

/** What a client has read. Ids and proofs are its upstream's, or made here. */
export interface Heard {
  readonly thought: string;
  readonly text: string;
  readonly calls: readonly { readonly name: unknown; readonly input: unknown }[];
  readonly reason: string;
  /** Prompt, cached and output. */
  readonly usage: readonly unknown[] | undefined;
}

interface Listener {
  /** Of a stream, whose grammar is checked. `isCut`: nothing may say that it ended. */
  stream(text: string, isCut?: boolean): Heard | undefined;
  whole(body: Json): Heard;
}

const textOf = (parts: readonly ParsedJson[], of: string, member: string): string =>
  parts.map((part) => (part.type === of ? String(part[member]) : '')).join('');

function heardMessage(answer: ParsedJson): Heard {
  const content = answer.content as ParsedJson[];
  const usage = answer.usage;
  return {
    thought: textOf(content, 'thinking', 'thinking'),
    text: textOf(content, 'text', 'text'),
    calls: content.filter(({ type }) => type === 'tool_use').map(({ name, input }) => ({ name, input })),
    reason: { end_turn: 'end', tool_use: 'end', max_tokens: 'limit', refusal: 'refused' }[
      answer.stop_reason as string
    ] as string,
    usage: usage && [
      usage.input_tokens + usage.cache_read_input_tokens,
      usage.cache_read_input_tokens,
      usage.output_tokens,
    ],
  };
}

function heardChat({ message: said, finish_reason: finish, usage }: ParsedJson): Heard {
  return {
    thought: said.reasoning_content ?? '',
    text: said.content ?? '',
    calls: ((said.tool_calls ?? []) as ParsedJson[]).map((call) => ({
      name: call.function.name,
      input: JSON.parse(call.function.arguments),
    })),
    reason: { stop: 'end', tool_calls: 'end', length: 'limit', content_filter: 'refused' }[
      finish as string
    ] as string,
    usage: usage && [usage.prompt_tokens, usage.prompt_tokens_details.cached_tokens, usage.completion_tokens],
  };
}

function heardResponse(answer: ParsedJson): Heard {
  const output = answer.output as ParsedJson[];
  const usage = answer.usage;
  const part = (type: string, member: string) =>
    output
      .filter((item) => item.type === type)
      .flatMap((item) => item[member] as ParsedJson[])
      .map(({ text }) => text)
      .join('');
  return {
    thought: part('reasoning', 'summary'),
    text: part('message', 'content'),
    calls: output
      .filter(({ type }) => type === 'function_call')
      .map(({ name, arguments: given }) => ({ name, input: JSON.parse(given) })),
    reason:
      answer.status === 'completed'
        ? 'end'
        : answer.incomplete_details.reason === 'content_filter'
          ? 'refused'
          : 'limit',
    usage: usage && [usage.input_tokens, usage.input_tokens_details.cached_tokens, usage.output_tokens],
  };
}

function heardGenerated({ candidates: [candidate], usageMetadata: usage }: ParsedJson): Heard {
  const parts = candidate.content.parts as ParsedJson[];
  const texts = (thought: boolean) =>
    parts.map((part) => ((part.thought ?? false) === thought ? (part.text ?? '') : '')).join('');
  return {
    thought: texts(true),
    text: texts(false),
    calls: parts.flatMap(({ functionCall: call }) => (call ? [{ name: call.name, input: call.args }] : [])),
    reason: { STOP: 'end', MAX_TOKENS: 'limit', SAFETY: 'refused' }[
      candidate.finishReason as string
    ] as string,
    usage: usage && [
      usage.promptTokenCount,
      usage.cachedContentTokenCount ?? 0,
      usage.candidatesTokenCount + (usage.thoughtsTokenCount ?? 0),
    ],
  };
}

const listener = (
  check: (text: string, isCut?: boolean) => Json | undefined,
  hear: (answer: ParsedJson) => Heard,
  whole = (body: ParsedJson): ParsedJson => body,
): Listener => ({
  stream: (text, isCut = false) => {
    const answer = check(text, isCut);
    return answer && !isCut ? hear(answer) : undefined;
  },
  whole: (body) => hear(whole(body)),
});

/** How a client of each protocol reads it. */
export const listeners: Readonly<Record<ConvertibleProtocol, Listener>> = {
  messages: listener(checkMessages, heardMessage),
  chat: listener(checkChat, heardChat, (body) => ({ ...body.choices[0], usage: body.usage })),
  responses: listener(checkResponses, heardResponse),
  generate: listener(checkGenerate, heardGenerated),
};
