import type { Protocol } from '../../../../domain/channel/protocols.js';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import type { RequestAsks } from '../../request-members/asks.js';
import type { UpstreamRequest } from '../../upstream-request.js';
import { estimateTextTokens } from '../../../metering/estimate-text.js';
import { ByteStream } from '../../byte-stream.js';
import type { AnswerStream } from '../../answer-stream.js';
import type { CallRequest, SpokenCall } from '../../call-request.js';
import type { ReadAnswer } from '../../read-answer.js';
import { decidingMembers } from '../../json/body.js';
import { readWhole } from '../answer.js';
import { judgePlain } from '../members.js';
import { forwardJson, type JsonCall, readJsonCall } from '../../json/call.js';

const TOKENS_PER_CALL = 16;
const SOUND = /^(audio\/|application\/octet-stream)/i;

const schema = z.object({
  model: z.string().min(1).max(200),
  input: z.string().min(1).max(1_000_000),
  stream_format: z.literal('audio', 'sound is answered as bytes, not as events').nullish(),
});
const deciding = decidingMembers(schema, judgePlain.names);
type Fields = z.infer<typeof schema>;

/** A text to be said. @throws CallRefused `invalid_request` */
export function parseSpeech(body: Buffer): CallRequest {
  const { call, parsed } = readJsonCall<Fields>(body, schema, deciding);
  return new SpeechRequest(call, judgePlain.asks(parsed, call.members));
}

class SpeechRequest implements CallRequest, SpokenCall<Buffer> {
  readonly streamed = true;
  readonly choices = 1;
  readonly outputLimit = undefined;
  /** No parameter shortens what is said: the balance carries the worst case or the call is refused. */
  readonly leastOutput = Number.MAX_SAFE_INTEGER;
  readonly model: string;
  readonly promptTokens: number;
  readonly units: NonNullable<CallRequest['units']>;
  /** Upstream reports nothing beside the sound. Where a model is priced by tokens, those of its text are charged, from above. */
  private readonly usage: Usage;

  constructor(
    private readonly call: JsonCall<Fields>,
    readonly asks: RequestAsks | undefined,
  ) {
    const { model, input } = call.fields;
    const characters = codePointsOf(input);
    this.model = model;
    this.promptTokens = TOKENS_PER_CALL + estimateTextTokens(input);
    this.units = { characters, cacheWrites: 'none' };
    this.usage = usageFrom({ prompt_tokens: this.promptTokens, characters });
  }

  spoken(protocol: Protocol): this | undefined {
    return protocol === 'audio' ? this : undefined;
  }

  forward(upstreamModel: string): UpstreamRequest {
    return forwardJson('/audio/speech', this.call, upstreamModel, []);
  }

  /** What is no sound can only be an error. */
  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readWhole(status, body, {
      isCompletion: () => false,
      usageOf: () => undefined,
      textOf: () => '',
    });
  }

  openStream({ 'content-type': type = '' }: IncomingHttpHeaders): AnswerStream | undefined {
    return SOUND.test(type) ? new ByteStream(type, this.usage) : undefined;
  }

  promptText(): string {
    return this.call.fields.input;
  }
}

/** As providers count characters: an emoji is one, not the two units of a JavaScript string. */
function codePointsOf(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // The first half of a pair is not counted, its second half is.
    if (unit < 0xd800 || unit > 0xdbff) count++;
  }
  return count;
}
