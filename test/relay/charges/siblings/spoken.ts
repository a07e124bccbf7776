import type { ConvertibleProtocol } from '../../../../src/domain/channel/conversion.js';
import { speakers } from '../../support/spoken-answers.js';
import { DONE, frame } from '../../support/test-upstream.js';

type Json = Record<string, unknown>;

/** What an upstream of any protocol says of the same use, in its own words. */
export interface Use {
  readonly prompt: number;
  readonly output: number;
  readonly cached?: number;
  /** Thoughts, and whether they are a part of `output`. */
  readonly thoughts?: number;
  readonly isBeside?: boolean;
  /** Searches that the usage tells of. */
  readonly searches?: number;
  /** Searches that the answer shows. */
  readonly shown?: number;
  /** As it stands in the report, in the words of one protocol. */
  readonly more?: Json;
}

const openai = ({ prompt, output, cached, thoughts, isBeside, searches }: Use): Json => ({
  prompt_tokens: prompt,
  completion_tokens: output,
  total_tokens: prompt + output + (isBeside ? (thoughts ?? 0) : 0),
  ...(cached !== undefined && { prompt_tokens_details: { cached_tokens: cached } }),
  ...(thoughts !== undefined && { completion_tokens_details: { reasoning_tokens: thoughts } }),
  ...(searches !== undefined && { num_search_queries: searches }),
});

/** The member that a protocol tells its use in. */
const wordsOf: Readonly<Record<ConvertibleProtocol, (use: Use) => Json>> = {
  chat: openai,
  responses: ({ prompt, output, cached, thoughts, isBeside, searches }) => ({
    input_tokens: prompt,
    output_tokens: output,
    total_tokens: prompt + output + (isBeside ? (thoughts ?? 0) : 0),
    ...(cached !== undefined && { input_tokens_details: { cached_tokens: cached } }),
    ...(thoughts !== undefined && { output_tokens_details: { reasoning_tokens: thoughts } }),
    ...(searches !== undefined && { num_server_side_tools_used: searches }),
  }),
  messages: ({ prompt, output, cached = 0, searches }) => ({
    input_tokens: prompt - cached,
    cache_read_input_tokens: cached,
    output_tokens: output,
    ...(searches !== undefined && { server_tool_use: { web_search_requests: searches } }),
  }),
  generate: ({ prompt, output, cached, thoughts, isBeside }) => ({
    promptTokenCount: prompt,
    candidatesTokenCount: output,
    totalTokenCount: prompt + output + (isBeside ? (thoughts ?? 0) : 0),
    ...(cached !== undefined && { cachedContentTokenCount: cached }),
    ...(thoughts !== undefined && { thoughtsTokenCount: thoughts }),
  }),
};

const reportOf = (protocol: ConvertibleProtocol, use: Use): Json => ({
  ...wordsOf[protocol](use),
  ...use.more,
});

/** The same answer, which shows that so many searches were made for it, where a protocol has a place for that beside the report. */
const showing: Readonly<Partial<Record<ConvertibleProtocol, (answer: Json, count: number) => Json>>> = {
  responses: (answer, count) => ({
    ...answer,
    output: [
      ...searchesOf(count, (id) => ({ type: 'web_search_call', id, action: { type: 'search' } })),
      { type: 'web_search_call', id: 'opened', action: { type: 'open_page' } },
      ...(answer['output'] as Json[]),
    ],
  }),
  generate: (answer, count) => ({
    ...answer,
    candidates: (answer['candidates'] as Json[]).map((candidate) => ({
      ...candidate,
      groundingMetadata: { webSearchQueries: searchesOf(count, (id) => id) },
    })),
  }),
};
const searchesOf = <Made>(count: number, make: (id: string) => Made): Made[] =>
  Array.from({ length: count }, (_, at) => make(`search ${at}`));

const shown = (protocol: ConvertibleProtocol, answer: Json, use?: Use): Json =>
  (use?.shown === undefined ? undefined : showing[protocol]?.(answer, use.shown)) ?? answer;

/** Where it stands in a whole answer. */
const MEMBER: Readonly<Record<ConvertibleProtocol, string>> = {
  chat: 'usage',
  responses: 'usage',
  messages: 'usage',
  generate: 'usageMetadata',
};

const SAID = { text: 'All is well.', unmetered: true };

/** A whole answer; without a use it tells none. */
export function whole(protocol: ConvertibleProtocol, ...[use]: readonly Use[]): string {
  const said = speakers[protocol].whole(SAID) as Json;
  const answer = shown(protocol, said, use);
  return JSON.stringify(use ? { ...answer, [MEMBER[protocol]]: reportOf(protocol, use) } : answer);
}

/** The same streamed; several uses are told one after the other. */
export function pieces(protocol: ConvertibleProtocol, ...uses: readonly Use[]): readonly string[] {
  const frames = speakers[protocol].pieces(SAID);
  const last = uses.at(-1);
  if (!last) return frames;
  const reports = uses.map((use) => reportOf(protocol, use));
  switch (protocol) {
    case 'chat':
      return [
        ...frames.filter((each) => each !== DONE),
        ...reports.map((usage) => frame({ id: 'c', choices: [], usage })),
        DONE,
      ];
    case 'messages':
      return frames.flatMap((each) => {
        if (each.includes('"message_start"'))
          return [
            changed(each, (event) => ({
              ...event,
              message: { ...(event['message'] as Json), usage: reports[0] },
            })),
          ];
        if (!each.includes('"message_delta"')) return [each];
        return reports.map((usage) => changed(each, (event) => ({ ...event, usage })));
      });
    case 'responses': {
      const telling = (usage: Json | undefined) => (event: Json) => ({
        ...event,
        response: { ...shown(protocol, event['response'] as Json, last), usage },
      });
      const [first = '', ...rest] = withLast(frames, telling(reports.at(-1)));
      return [reports.length > 1 ? changed(first, telling(reports[0])) : first, ...rest];
    }
    case 'generate': {
      const told = reports.slice(0, -1).map((usageMetadata) =>
        frame({
          candidates: [{ index: 0, content: { role: 'model', parts: [{ text: '' }] } }],
          usageMetadata,
        }),
      );
      const ended = withLast(frames, (payload) => ({
        ...shown(protocol, payload, last),
        usageMetadata: reports.at(-1),
      }));
      return [...ended.slice(0, -1), ...told, ...ended.slice(-1)];
    }
  }
}

function withLast(frames: readonly string[], change: (data: Json) => Json): readonly string[] {
  return [...frames.slice(0, -1), ...frames.slice(-1).map((each) => changed(each, change))];
}

function changed(text: string, change: (data: Json) => Json): string {
  const [, before = '', data = ''] = /^([^]*?data: )(.*)\n\n$/.exec(text) ?? [];
  return `${before}${JSON.stringify(change(JSON.parse(data) as Json))}\n\n`;
}
