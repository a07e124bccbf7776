import type { ConvertibleProtocol } from '../../../../src/domain/channel/conversion.js';
import { speakers } from '../../support/spoken-answers.js';
import { DONE, frame } from '../../support/test-upstream.js';

/** What an upstream of any protocol says of the same use, in its own words. */
export interface Use {
  readonly prompt: number;
  readonly output: number;
  readonly cached?: number;
  /** Thoughts, and whether they are a part of `output`. */
  readonly thoughts?: number;
  readonly isBeside?: boolean;
  readonly searches?: number;
}

type Json = Record<string, unknown>;

const openai = ({ prompt, output, cached, thoughts, isBeside, searches }: Use): Json => ({
  prompt_tokens: prompt,
  completion_tokens: output,
  total_tokens: prompt + output + (isBeside ? (thoughts ?? 0) : 0),
  ...(cached !== undefined && { prompt_tokens_details: { cached_tokens: cached } }),
  ...(thoughts !== undefined && { completion_tokens_details: { reasoning_tokens: thoughts } }),
  ...(searches !== undefined && { num_search_queries: searches }),
});

/** The member that a protocol tells its use in. */
const reportOf: Readonly<Record<ConvertibleProtocol, (use: Use) => Json>> = {
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
  const answer = speakers[protocol].whole(SAID);
  return JSON.stringify(use ? { ...answer, [MEMBER[protocol]]: reportOf[protocol](use) } : answer);
}

/** The same streamed; several uses are told one after the other. */
export function pieces(protocol: ConvertibleProtocol, ...uses: readonly Use[]): readonly string[] {
  const frames = speakers[protocol].pieces(SAID);
  const last = uses.at(-1);
  if (!last) return frames;
  const reports = uses.map(reportOf[protocol]);
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
        response: { ...(event['response'] as Json), usage },
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
      const ended = withLast(frames, (payload) => ({ ...payload, usageMetadata: reports.at(-1) }));
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
