import type { Protocol } from '../../../../domain/channel/protocols.js';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { RequestAsks } from '../../request-members/asks.js';
import { MemberJudge } from '../../request-members/table.js';
import { chatMembers } from '../chat/members.js';
import type { UpstreamRequest } from '../../upstream-request.js';
import { estimateTextTokens } from '../../../metering/estimate-text.js';
import type { AnswerStream } from '../../answer-stream.js';
import type { CallRequest, SpokenCall } from '../../call-request.js';
import type { ReadAnswer } from '../../read-answer.js';
import { decidingMembers, estimated, invalidRequest } from '../../json/body.js';
import { isEventStream } from '../../sse/is-event-stream.js';
import { ChoicesStream } from '../chat/stream.js';
import { estimateInput, inputCount, inputTexts } from '../inputs/estimate.js';
import { forwardJson, type JsonCall, readJsonCall } from '../../json/call.js';
import { streamOptions, usageEdits } from '../chat/stream-options.js';
import { readCompletion } from './answer.js';
import { completionText } from './texts.js';

const PATH = '/completions';
const TOKENS_PER_CALL = 16;
const MAX_PROMPTS = 2_048;

const picked = z.object({
  model: z.string().min(1).max(200),
  prompt: z.union([z.string(), z.array(z.unknown()).min(1)]),
  suffix: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: streamOptions,
  max_tokens: z.int().min(0).nullish(),
  n: z.int().min(1).max(128).nullish(),
  best_of: z.int().min(1).max(128).nullish(),
});
type Picked = z.infer<typeof picked>;

/** What moves the price of a chat moves that of a completion, which knows `best_of` itself. */
const judge = new MemberJudge({ rows: chatMembers.rows.filter(({ names }) => !names.includes('best_of')) });
const deciding = decidingMembers(picked, judge.names);

/** Texts to be continued. @throws CallRefused `invalid_request` */
export function parseCompletion(body: Buffer): CallRequest {
  const { call, parsed } = readJsonCall(body, picked, deciding);
  const { prompt, suffix } = call.fields;
  if (inputCount(prompt) > MAX_PROMPTS) {
    throw invalidRequest(`At most ${MAX_PROMPTS} prompts in one request.`, 'prompt');
  }
  const promptTokens = estimated(() => estimateInput(prompt), 'prompt') + estimateTextTokens(suffix ?? '');
  const asks = judge.asks(parsed, call.members);
  return new CompletionRequest(call, promptTokens + TOKENS_PER_CALL, asks);
}

class CompletionRequest implements CallRequest, SpokenCall<Buffer> {
  readonly model: string;
  readonly streamed: boolean;
  /** Those that are made, of which the best may be all that is shown. */
  readonly choices: number;
  readonly outputLimit: number | undefined;
  private readonly shown: number;

  constructor(
    private readonly call: JsonCall<Picked>,
    readonly promptTokens: number,
    readonly asks: RequestAsks | undefined,
  ) {
    const { fields } = call;
    const prompts = inputCount(fields.prompt);
    this.model = fields.model;
    this.streamed = fields.stream === true;
    this.shown = (fields.n ?? 1) * prompts;
    this.choices = Math.max(fields.n ?? 1, fields.best_of ?? 1) * prompts;
    this.outputLimit = fields.max_tokens ?? undefined;
  }

  spoken(protocol: Protocol): this | undefined {
    return protocol === 'chat' ? this : undefined;
  }

  forward(upstreamModel: string, loweredLimit: number | undefined): UpstreamRequest {
    const limits = loweredLimit === undefined ? [] : [{ name: 'max_tokens', json: String(loweredLimit) }];
    const edits = [...limits, ...usageEdits(this.streamed, this.call.fields.stream_options)];
    return forwardJson(PATH, this.call, upstreamModel, edits);
  }

  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readCompletion(status, body);
  }

  openStream(headers: IncomingHttpHeaders): AnswerStream | undefined {
    if (!isEventStream(headers)) return undefined;
    const hideUsage = this.call.fields.stream_options?.include_usage !== true;
    return new ChoicesStream({ choices: this.shown, hideUsage, textOf: completionText });
  }

  promptText(): readonly string[] {
    const { prompt, suffix } = this.call.fields;
    return [...inputTexts(prompt), suffix ?? ''];
  }
}
