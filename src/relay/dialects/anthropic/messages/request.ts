import type { Protocol } from '../../../../domain/channel/protocols.js';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { UpstreamRequest } from '../../upstream-request.js';
import type { AnswerStream } from '../../answer-stream.js';
import type { CallRequest, Convertible, SpokenCall } from '../../call-request.js';
import type { ReadAnswer } from '../../read-answer.js';
import type { RequestFacts } from '../../request-facts.js';
import { decidingMembers, estimated, parseBody } from '../../json/body.js';
import { forwardJson, type JsonCall, readJsonCall, without } from '../../json/call.js';
import { objectAt } from '../../json/read.js';
import { isEventStream } from '../../sse/is-event-stream.js';
import { estimateMedia } from '../../../metering/estimate-nodes.js';
import { underOurName } from '../errors.js';
import { media } from '../media.js';
import { readMessage } from './answer.js';
import { estimatePromptTokens } from './estimate.js';
import { assertKnownVersion, besideBody, trialsAsked } from './forwarded.js';
import { judgeMessages } from './members.js';
import type { RequestAsks } from '../../request-members/asks.js';
import { promptTextOf } from './texts.js';
import { MessageStream } from './stream.js';
import { unitsOf } from './units.js';
import { withoutThoughts } from './own-thoughts.js';
import { withoutOwnThoughts } from '../../own-thoughts.js';

/** What every request about a prompt says. */
export const prompt = z.object({
  model: z.string().min(1).max(200),
  messages: z.custom<readonly object[]>(
    (value) => Array.isArray(value) && value.length > 0 && value.every((message) => objectAt(message)),
    'must be a list of at least one message',
  ),
});

/** The members that decide route and charge; whatever else the body holds is upstream's business. */
const picked = z.object({
  ...prompt.shape,
  /** 0 fills the prompt cache and generates nothing. */
  max_tokens: z.int().min(0),
  stream: z.boolean().nullish(),
  thinking: z.looseObject({ type: z.string(), budget_tokens: z.int().min(0).nullish() }).nullish(),
});
type Kept = Omit<z.infer<typeof picked>, 'messages'>;

const deciding = decidingMembers(picked, judgeMessages.names);

/** A messages request: one JSON.parse, a shallow check, one linear scan. @throws CallRefused `invalid_request` */
export function parseMessages(body: Buffer, facts: RequestFacts): CallRequest {
  assertKnownVersion(facts);
  const { call, parsed } = readJsonCall(body, picked, deciding);
  const promptTokens = estimated(() => estimatePromptTokens(parsed), 'messages');
  const asks = judgeMessages.asks(parsed, call.members, undefined, trialsAsked(facts));
  return new MessagesRequest(without(call, 'messages'), facts, promptTokens, unitsOf(body, parsed), asks);
}

class MessagesRequest implements CallRequest, SpokenCall<Buffer> {
  readonly choices = 1;
  private otherwise: Convertible | undefined;

  constructor(
    private readonly call: JsonCall<Kept>,
    private readonly facts: RequestFacts,
    readonly promptTokens: number,
    readonly units: NonNullable<CallRequest['units']>,
    readonly asks: RequestAsks | undefined,
  ) {}

  get model(): string {
    return this.call.fields.model;
  }

  get streamed(): boolean {
    return this.call.fields.stream === true;
  }

  get outputLimit(): number {
    return this.call.fields.max_tokens;
  }

  /** A budget for thinking must stay below the limit, unless the client itself has set it higher (thinking between tools). */
  get leastOutput(): number {
    const { thinking, max_tokens: limit } = this.call.fields;
    const budget = thinking?.type === 'enabled' ? (thinking.budget_tokens ?? 0) : 0;
    return budget < limit ? budget + 1 : 0;
  }

  spoken(protocol: Protocol): this | undefined {
    return protocol === 'messages' ? this : undefined;
  }

  get convertible(): Convertible {
    return (this.otherwise ??= {
      protocol: 'messages',
      model: this.model,
      streamed: this.streamed,
      headers: this.facts.headers,
      promptTokens: this.promptTokens,
      showsUsage: true,
      body: () => parseBody(this.call.body),
    });
  }

  /** The client's own bytes but for the model's name at the channel, a lowered limit, and thoughts that upstream never had. */
  forward(upstreamModel: string, loweredLimit: number | undefined): UpstreamRequest {
    const limit = loweredLimit === undefined ? [] : [{ name: 'max_tokens', json: String(loweredLimit) }];
    const edits = [...limit, ...withoutOwnThoughts(this.call.body, 'messages', withoutThoughts)];
    return forwardJson('/messages', this.call, upstreamModel, edits, besideBody(this.facts));
  }

  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readMessage(status, body);
  }

  errorFor(status: number, body: Buffer, requestId: string): { status: number; body: Buffer } {
    return { status, body: underOurName(body, requestId) };
  }

  openStream(headers: IncomingHttpHeaders): AnswerStream | undefined {
    return isEventStream(headers) ? new MessageStream() : undefined;
  }

  /** Parsed again, because keeping it would cost every call memory and only few need it. */
  promptText(): string {
    return promptTextOf(parseBody(this.call.body));
  }

  promptMedia(): number {
    const { system, messages } = parseBody(this.call.body);
    return estimateMedia([system, messages], media);
  }
}
