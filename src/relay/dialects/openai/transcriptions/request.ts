import type { DialectName } from '../../../../domain/usage/dialects.js';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { UpstreamRequest } from '../../upstream-request.js';
import { estimateTextTokens } from '../../../metering/estimate-text.js';
import { tokensOfSound } from '../../../metering/meter-sound.js';
import type { Form } from '../../../multipart/form.js';
import type { AnswerStream } from '../../answer-stream.js';
import type { CallRequest, SpokenCall } from '../../call-request.js';
import type { ReadAnswer } from '../../read-answer.js';
import type { FormEndpoint } from '../../endpoint.js';
import { decidingMembers, invalidRequest } from '../../json/body.js';
import { parseAnswer } from '../../json/read.js';
import { isEventStream } from '../../sse/is-event-stream.js';
import { type AnswerShape, readJsonAnswer } from '../answer.js';
import { openai } from '../dialect.js';
import { type FormCall, formFlag, forwardForm, readFormCall } from '../../form-call.js';
import { recordingLength } from './recording.js';
import { TranscriptStream } from './stream.js';
import { subtitleUsage, transcriptUsage } from './usage.js';

const TOKENS_PER_CALL = 16;
/** What an answer in a format that is no JSON can be. */
const PLAIN_TEXT = /^(text\/(?!html)|application\/(octet-stream|x-subrip))/i;

const schema = z.object({
  model: z.string().min(1).max(200),
  prompt: z.string().optional(),
  response_format: z.string().min(1).max(40).optional(),
  stream: formFlag.optional(),
  url: z.never('a recording is sent as a file, not as an address').optional(),
});
const deciding = decidingMembers(schema);
type Fields = z.infer<typeof schema>;

const shape: AnswerShape = {
  isCompletion: (payload) => typeof payload['text'] === 'string',
  usageOf: transcriptUsage,
  textOf: (payload) => payload['text'] as string,
};

/** `POST /v1/audio/transcriptions`: whole or in pieces, priced by the second or by tokens. */
export const transcriptions = endpoint('/audio/transcriptions');

/** `POST /v1/audio/translations`: the same in English. */
export const translations = endpoint('/audio/translations');

function endpoint(path: string): FormEndpoint {
  return {
    kind: 'form',
    dialect: openai,
    name: `/v1${path}`,
    parse(form) {
      const call = readFormCall(form, schema, deciding);
      return new TranscriptRequest(path, call);
    },
  };
}

class TranscriptRequest implements CallRequest<Form>, SpokenCall<Form> {
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
    this.model = model;
    this.streamed = stream === true;
    this.promptTokens = TOKENS_PER_CALL + estimateTextTokens(prompt) + tokensOfSound(mostMs);
    this.units = { mediaMs: mostMs, cacheWrites: 'none' };
    this.likelyMediaMs = likelyMs;
  }

  spoken(protocol: DialectName): this | undefined {
    return protocol === 'openai' ? this : undefined;
  }

  /** A plain text says nothing of what was used: upstream is asked for the JSON that does, and the client is given its text. */
  forward(upstreamModel: string): UpstreamRequest<Form> {
    const asJson = this.wantsText ? [{ name: 'response_format', value: 'json' }] : [];
    return forwardForm(this.path, this.call, upstreamModel, asJson);
  }

  readAnswer(status: number, headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    const type = headers['content-type'] ?? '';
    const payload = PLAIN_TEXT.test(type) ? parseAnswer(body) : undefined;
    if (status === 200 && PLAIN_TEXT.test(type) && !payload && body.length > 0) {
      const text = body.toString('utf8');
      return { kind: 'completion', usage: subtitleUsage(text), outputText: () => text, contentType: type };
    }
    const read = readJsonAnswer(status, body, shape);
    if (read.kind !== 'completion' || !this.wantsText) return read;
    const text = Buffer.from(`${read.outputText()}\n`);
    return { ...read, body: text, contentType: 'text/plain; charset=utf-8' };
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
