import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { UpstreamRequest } from '../../../channels/upstream-type.js';
import type { AnswerStream, CallRequest, Endpoint, ReadAnswer } from '../../dialect.js';
import { decidingMembers, estimated, parseBody, pick, refuseAmbiguous } from '../../json/body.js';
import { type JsonEdit, type JsonMember, setMembers, topLevelMembers } from '../../json/members.js';
import { objectAt } from '../../json/read.js';
import { isEventStream } from '../../sse/is-event-stream.js';
import { type AnswerShape, readJsonAnswer } from '../answer.js';
import { ChoicesStream } from '../choices-stream.js';
import { openai } from '../dialect.js';
import { usageOf } from '../usage.js';
import { chatText, estimateChat } from './estimate.js';
import { chatOutputText } from './output-text.js';

const PATH = '/chat/completions';

/** The members that decide route and charge; whatever else the body holds is upstream's business. */
const picked = z.object({
  model: z.string().min(1).max(200),
  messages: z.custom<readonly object[]>(
    (value) => Array.isArray(value) && value.length > 0 && value.every(objectAt),
    'messages must be a list of at least one message',
  ),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  n: z.int().min(1).max(128).nullish(),
});
type Picked = z.infer<typeof picked>;

const deciding = decidingMembers(picked);

/** Models that know no `max_tokens`. */
const WANTS_COMPLETION_LIMIT = /(^|\/)(o[1-9]|gpt-[5-9])/;

const shape: AnswerShape = {
  isCompletion: (payload) => Array.isArray(payload['choices']),
  usageOf,
  textOf: chatOutputText,
};

/** `POST /v1/chat/completions`. */
export const chat: Endpoint = {
  kind: 'call',
  dialect: openai,
  name: `/v1${PATH}`,
  /** One JSON.parse, a shallow check, one linear scan. */
  parse(body) {
    const parsed = parseBody(body);
    const fields = pick(picked, parsed);
    const members = topLevelMembers(body);
    refuseAmbiguous(members, deciding);
    const promptTokens = estimated(() => estimateChat(fields.messages, parsed), 'messages');
    return new ChatRequest(body, fields, members, promptTokens);
  },
};

class ChatRequest implements CallRequest {
  readonly model: string;
  readonly streamed: boolean;
  readonly choices: number;
  readonly outputLimit: number | undefined;
  private readonly wantsUsage: boolean;

  constructor(
    private readonly body: Buffer,
    private readonly fields: Picked,
    private readonly members: readonly JsonMember[],
    readonly promptTokens: number,
  ) {
    this.model = fields.model;
    this.streamed = fields.stream === true;
    this.choices = fields.n ?? 1;
    this.outputLimit = outputLimit(fields);
    this.wantsUsage = fields.stream_options?.include_usage === true;
  }

  /** What may differ: the model's name at the channel, the output limit, and the wish for the usage chunk of a stream. */
  forward(upstreamModel: string, loweredLimit: number | undefined): UpstreamRequest {
    const { body, fields, members } = this;
    const edits: JsonEdit[] = [];
    if (upstreamModel !== this.model) edits.push({ name: 'model', json: JSON.stringify(upstreamModel) });
    if (loweredLimit !== undefined) edits.push(...limitEdits(fields, upstreamModel, loweredLimit));
    if (this.streamed && !this.wantsUsage) {
      const options = { ...fields.stream_options, include_usage: true };
      edits.push({ name: 'stream_options', json: JSON.stringify(options) });
    }
    return {
      path: PATH,
      query: '',
      model: upstreamModel,
      headers: undefined,
      body: setMembers(body, members, edits),
    };
  }

  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readJsonAnswer(status, body, shape);
  }

  openStream(headers: IncomingHttpHeaders): AnswerStream | undefined {
    if (!isEventStream(headers)) return undefined;
    return new ChoicesStream({ choices: this.choices, hideUsage: !this.wantsUsage, textOf: chatOutputText });
  }

  /** Parsed again, because keeping it would cost every call memory and only few need it. */
  promptText(): string {
    return chatText(parseBody(this.body));
  }
}

function limitEdits(fields: Picked, upstreamModel: string, limit: number): JsonEdit[] {
  const json = String(limit);
  const given = (['max_tokens', 'max_completion_tokens'] as const).filter(
    (name) => typeof fields[name] === 'number',
  );
  if (given.length > 0) return given.map((name) => ({ name, json }));
  const name = WANTS_COMPLETION_LIMIT.test(upstreamModel) ? 'max_completion_tokens' : 'max_tokens';
  return [{ name, json }];
}

/** Where both are given an upstream may look at either: the larger is the worst case. */
function outputLimit({ max_tokens, max_completion_tokens }: Picked): number | undefined {
  const largest = Math.max(max_tokens ?? 0, max_completion_tokens ?? 0);
  return largest === 0 ? undefined : largest;
}
