import type { Protocol } from '../../../../domain/channel/protocols.js';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { UpstreamRequest } from '../../upstream-request.js';
import type { AnswerStream } from '../../answer-stream.js';
import type { CallRequest, Convertible, SpokenCall } from '../../call-request.js';
import type { ReadAnswer } from '../../read-answer.js';
import type { RequestFacts } from '../../request-facts.js';
import { decidingMembers, estimated, parseBody } from '../../json/body.js';
import { objectAt } from '../../json/read.js';
import { isEventStream } from '../../sse/is-event-stream.js';
import { ChoicesStream } from './stream.js';
import { forwardJson, type JsonCall, readJsonCall, without } from '../../json/call.js';
import { streamOptions, usageEdits } from './stream-options.js';
import { readChat } from './answer.js';
import { estimateMedia } from '../../../metering/estimate-nodes.js';
import { countedMedia } from '../media.js';
import { estimateChat } from './estimate.js';
import { judgeChat } from './members.js';
import { limitEdits, type LimitName, limitNameIn, limitNameWanted, outputLimit } from './output-limit.js';
import type { RequestAsks } from '../../request-members/asks.js';
import { chatOutputText, chatText } from './texts.js';
import { withoutProofs } from '../own-thoughts.js';
import { withoutOwnThoughts } from '../../own-thoughts.js';

const PATH = '/chat/completions';

/** The members that decide route and charge; whatever else the body holds is upstream's business. */
const picked = z.object({
  model: z.string().min(1).max(200),
  messages: z.custom<readonly object[]>(
    (value) => Array.isArray(value) && value.length > 0 && value.every((message) => objectAt(message)),
    'messages must be a list of at least one message',
  ),
  stream: z.boolean().nullish(),
  stream_options: streamOptions,
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  n: z.int().min(1).max(128).nullish(),
});
type Kept = Omit<z.infer<typeof picked>, 'messages'>;

const deciding = decidingMembers(picked, judgeChat.names);

/** A chat request. @throws CallRefused `invalid_request` */
export function parseChat(body: Buffer, { headers }: Pick<RequestFacts, 'headers'>): CallRequest {
  const { call, parsed } = readJsonCall(body, picked, deciding);
  return new ChatRequest(
    without(call, 'messages'),
    estimated(() => estimateChat(call.fields.messages, parsed), 'messages'),
    judgeChat.asks(parsed, call.members),
    headers,
  );
}

class ChatRequest implements CallRequest, SpokenCall<Buffer> {
  readonly model: string;
  readonly streamed: boolean;
  readonly choices: number;
  readonly outputLimit: number | undefined;
  private otherwise: Convertible | undefined;
  /** Under which name the last attempt told upstream a limit. */
  private sentLimit: LimitName | undefined;

  constructor(
    private readonly call: JsonCall<Kept>,
    readonly promptTokens: number,
    readonly asks: RequestAsks | undefined,
    private readonly headers: IncomingHttpHeaders,
    /** What an upstream that refused the other name wants the limit to be called. */
    private readonly wantedLimit?: LimitName,
  ) {
    const { fields } = call;
    this.model = fields.model;
    this.streamed = fields.stream === true;
    this.choices = fields.n ?? 1;
    this.outputLimit = outputLimit(fields);
  }

  spoken(protocol: Protocol): this | undefined {
    return protocol === 'chat' ? this : undefined;
  }

  get convertible(): Convertible {
    return (this.otherwise ??= {
      protocol: 'chat',
      model: this.model,
      streamed: this.streamed,
      headers: this.headers,
      promptTokens: this.promptTokens,
      showsUsage: this.call.fields.stream_options?.include_usage === true,
      body: () => parseBody(this.call.body),
    });
  }

  forward(upstreamModel: string, loweredLimit: number | undefined): UpstreamRequest {
    const { fields } = this.call;
    const models = { asked: this.model, upstream: upstreamModel };
    const limits = limitEdits(fields, models, loweredLimit, this.wantedLimit);
    this.sentLimit = limitNameIn(limits, fields);
    const foreign = withoutOwnThoughts(this.call.body, 'messages', withoutProofs);
    const edits = [...limits, ...usageEdits(this.streamed, fields.stream_options), ...foreign];
    return forwardJson(PATH, this.call, upstreamModel, edits);
  }

  rephrased(status: number, refusal: Buffer): ChatRequest | undefined {
    const wanted = this.sentLimit && limitNameWanted(status, refusal, this.sentLimit);
    // A null of that name would stand beside it, and an upstream might take that one.
    if (!wanted || this.call.fields[wanted] === null) return undefined;
    return new ChatRequest(this.call, this.promptTokens, this.asks, this.headers, wanted);
  }

  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readChat(status, body);
  }

  openStream(headers: IncomingHttpHeaders): AnswerStream | undefined {
    if (!isEventStream(headers)) return undefined;
    const searches = this.asks?.needs.some(({ allowance }) => allowance === 'searches') === true;
    const hideUsage = this.call.fields.stream_options?.include_usage !== true;
    const sound = this.call.members.some(({ name }) => name === 'audio');
    return new ChoicesStream({ choices: this.choices, hideUsage, textOf: chatOutputText, searches, sound });
  }

  /** Parsed again, because keeping it would cost every call memory and only few need it. */
  promptText(): string {
    return chatText(parseBody(this.call.body));
  }

  promptMedia(): number {
    return estimateMedia(parseBody(this.call.body)['messages'], countedMedia);
  }
}
