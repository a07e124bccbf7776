import type { Protocol } from '../../../../domain/channel/protocols.js';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { UpstreamRequest } from '../../upstream-request.js';
import { estimateTextTokens } from '../../../metering/estimate-text.js';
import { tokensOfSound } from '../../../metering/meter-sound.js';
import type { Form } from '../../../multipart/form.js';
import type { AnswerStream } from '../../answer-stream.js';
import type { CallRequest, SpokenCall } from '../../call-request.js';
import type { ReadAnswer } from '../../read-answer.js';
import { decidingMembers, invalidRequest } from '../../json/body.js';
import { isEventStream } from '../../sse/is-event-stream.js';
import { type FormCall, formFlag, forwardForm, readFormCall } from '../../form-call.js';
import type { RequestAsks } from '../../request-members/asks.js';
import { membersOf } from '../../request-members/table.js';
import { judgePlain } from '../members.js';
import { readTranscript } from './answer.js';
import { recordingLength } from './recording.js';
import { TranscriptStream } from './stream.js';

const TOKENS_PER_CALL = 16;

const schema = z.object({
  model: z.string().min(1).max(200),
  prompt: z.string().optional(),
  response_format: z.string().min(1).max(40).optional(),
  stream: formFlag.optional(),
  url: z.never('a recording is sent as a file, not as an address').optional(),
});
const deciding = decidingMembers(schema, judgePlain.names);
type Fields = z.infer<typeof schema>;

/** A recording to be written down; `path` is below `/v1`. @throws CallRefused `invalid_request` */
export function parseTranscript(path: string, form: Form): CallRequest<Form> {
  return new TranscriptRequest(path, readFormCall(form, schema, deciding));
}

class TranscriptRequest implements CallRequest<Form>, SpokenCall<Form> {
  readonly asks: RequestAsks | undefined;
  readonly choices = 1;
  readonly outputLimit = undefined;
  /** No parameter shortens what was said: the balance carries the worst case or the call is refused. */
  readonly leastOutput = Number.MAX_SAFE_INTEGER;
  /** Models that know no pieces leave `stream` unread. */
  readonly answersWhole = true;
  readonly model: string;
  readonly streamed: boolean;
  readonly promptTokens: number;
  readonly units: NonNullable<CallRequest['units']>;
  readonly likelyMediaMs: number;

  constructor(
    private readonly path: string,
    private readonly call: FormCall<Fields>,
  ) {
    const { model, stream, prompt = '' } = call.fields;
    const files = call.form.parts.filter(({ isFile }) => isFile);
    if (files.length === 0) throw invalidRequest('file: a recording is sent as a file.', 'file');
    const { mostMs, likelyMs } = recordingLength(files);
    this.asks = judgePlain.asks(call.deciding, membersOf(call.deciding));
    this.model = model;
    this.streamed = stream === true;
    this.promptTokens = TOKENS_PER_CALL + estimateTextTokens(prompt) + tokensOfSound(mostMs);
    this.units = { mediaMs: mostMs, cacheWrites: 'none' };
    this.likelyMediaMs = likelyMs;
  }

  spoken(protocol: Protocol): this | undefined {
    return protocol === 'audio' ? this : undefined;
  }

  /** A plain text says nothing of what was used: upstream is asked for the JSON that does, and the client is given its text. */
  forward(upstreamModel: string): UpstreamRequest<Form> {
    const asJson = this.wantsText ? [{ name: 'response_format', value: 'json' }] : [];
    return forwardForm(this.path, this.call, upstreamModel, asJson);
  }

  readAnswer(status: number, headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    return readTranscript(status, headers, body, this.call.fields.response_format === 'text');
  }

  openStream(headers: IncomingHttpHeaders): AnswerStream | undefined {
    return isEventStream(headers) ? new TranscriptStream() : undefined;
  }

  promptText(): string {
    return this.call.fields.prompt ?? '';
  }

  private get wantsText(): boolean {
    return this.call.fields.response_format === 'text';
  }
}
