import type { Protocol } from '../../../../domain/channel/protocols.js';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { UpstreamRequest } from '../../upstream-request.js';
import type { AnswerStream } from '../../answer-stream.js';
import type { CallRequest, Convertible, SpokenCall } from '../../call-request.js';
import type { ReadAnswer } from '../../read-answer.js';
import type { RequestFacts } from '../../request-facts.js';
import { decidingMembers, estimated, parseBody } from '../../json/body.js';
import { isEventStream } from '../../sse/is-event-stream.js';
import { forwardJson, type JsonCall, readJsonCall, without } from '../../json/call.js';
import { readResponse } from './answer.js';
import { estimateMedia } from '../../../metering/estimate-nodes.js';
import { countedItemMedia, estimateResponse } from './estimate.js';
import { judgeResponse } from './members.js';
import type { RequestAsks } from '../../request-members/asks.js';
import { promptText } from './texts.js';
import { ResponseStream } from './stream.js';
import { withoutReasoning } from '../own-thoughts.js';
import { withoutOwnThoughts } from '../../own-thoughts.js';

const PATH = '/responses';
const COMPACT = '/responses/compact';

const picked = z.object({
  model: z.string().min(1).max(200),
  input: z.union([z.string(), z.array(z.unknown())]).nullish(),
  stream: z.boolean().nullish(),
  max_output_tokens: z.int().min(1).nullish(),
});
/** A compaction is no stream, and has no limit. */
const compacted = picked.omit({ stream: true, max_output_tokens: true });
type Kept = Omit<z.infer<typeof picked>, 'input'>;

const deciding = decidingMembers(picked, judgeResponse.names);

/** What is asked of responses. @throws CallRefused `invalid_request` */
export function parseResponse(body: Buffer, { headers }: Pick<RequestFacts, 'headers'>): CallRequest {
  const { call, parsed } = readJsonCall(body, picked, deciding);
  return new ResponseRequest(
    without(call, 'input'),
    estimated(() => estimateResponse(parsed), 'input'),
    judgeResponse.asks(parsed, call.members),
    headers,
  );
}

/** What is asked of a compaction: a response's members, and an answer in one piece. @throws CallRefused `invalid_request` */
export function parseCompact(body: Buffer, { headers }: Pick<RequestFacts, 'headers'>): CallRequest {
  const { call, parsed } = readJsonCall(body, compacted, deciding);
  const fields = { ...call.fields, stream: undefined, max_output_tokens: undefined };
  return new ResponseRequest(
    without({ ...call, fields }, 'input'),
    estimated(() => estimateResponse(parsed), 'input'),
    judgeResponse.asks(parsed, call.members),
    headers,
    COMPACT,
  );
}

class ResponseRequest implements CallRequest, SpokenCall<Buffer> {
  readonly model: string;
  readonly streamed: boolean;
  readonly choices = 1;
  readonly outputLimit: number | undefined;
  private otherwise: Convertible | undefined;

  constructor(
    private readonly call: JsonCall<Kept>,
    readonly promptTokens: number,
    readonly asks: RequestAsks | undefined,
    private readonly headers: IncomingHttpHeaders,
    private readonly path = PATH,
  ) {
    const { model, stream, max_output_tokens } = call.fields;
    this.model = model;
    this.streamed = stream === true;
    this.outputLimit = max_output_tokens ?? undefined;
  }

  /** A compaction has no limit that could be lowered. */
  get leastOutput(): number {
    return this.path === COMPACT ? Number.MAX_SAFE_INTEGER : 0;
  }

  spoken(protocol: Protocol): this | undefined {
    return protocol === 'responses' ? this : undefined;
  }

  /** What was compacted can be read by its own upstream alone. */
  get convertible(): Convertible | undefined {
    if (this.path !== PATH) return undefined;
    return (this.otherwise ??= {
      protocol: 'responses',
      model: this.model,
      streamed: this.streamed,
      headers: this.headers,
      promptTokens: this.promptTokens,
      showsUsage: true,
      body: () => parseBody(this.call.body),
    });
  }

  forward(upstreamModel: string, loweredLimit: number | undefined): UpstreamRequest {
    const limit =
      loweredLimit === undefined ? [] : [{ name: 'max_output_tokens', json: String(loweredLimit) }];
    const foreign = withoutOwnThoughts(this.call.body, 'input', withoutReasoning);
    return forwardJson(this.path, this.call, upstreamModel, [...limit, ...foreign]);
  }

  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readResponse(status, body);
  }

  openStream(headers: IncomingHttpHeaders): AnswerStream | undefined {
    return isEventStream(headers) ? new ResponseStream() : undefined;
  }

  promptText(): string {
    return promptText(parseBody(this.call.body));
  }

  promptMedia(): number {
    return estimateMedia(parseBody(this.call.body)['input'], countedItemMedia);
  }
}
