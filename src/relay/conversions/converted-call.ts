import type { IncomingHttpHeaders } from 'node:http';
import type { Usage } from '../../domain/pricing/usage.js';
import type { DialectName } from '../../domain/usage/dialects.js';
import type { AnswerStream } from '../dialects/answer-stream.js';
import type { ConvertedBy, SpokenCall } from '../dialects/call-request.js';
import { type JsonObject, parseAnswer } from '../dialects/json/read.js';
import { limitName, limitNameWanted, type LimitName } from '../dialects/openai/chat/output-limit.js';
import { dialectOfProtocol } from '../dialects/protocols.js';
import type { ReadAnswer } from '../dialects/read-answer.js';
import type { UpstreamRequest } from '../dialects/upstream-request.js';
import type { AnswerContext } from './codec.js';
import { clientCodecs, upstreamCodecs } from './codecs.js';
import { ConvertedStream, type ErrorOf } from './converted-stream.js';
import { readError } from './foreign-error.js';
import type { ConvertibleProtocol } from '../../domain/channel/conversion.js';
import { bytesOf, type JsonPieces } from './json-pieces.js';
import type { Losses } from './losses.js';

/** Of a whole answer, as much as a stream may keep for a client that gets all of it once more. */
const MOST_BYTES = 8 * 1024 * 1024;

/** A request as it was written for an upstream's protocol. */
export interface WrittenCall {
  readonly client: ConvertibleProtocol;
  readonly upstream: ConvertibleProtocol;
  /** Asked for an answer in pieces. */
  readonly streamed: boolean;
  /** JSON text of an object, without the model and the limit of the output. */
  readonly text: JsonPieces;
  readonly losses: Losses;
  /** The client's own limit, else the one that the call was held with, where upstream needs one. */
  readonly outputLimit: number | undefined;
  /** Of the conversation, where upstream keeps what it caches by a name. */
  readonly cacheKey: string | undefined;
  /** As the client asked for it. */
  readonly model: string;
  /** What an answer is written with: an id, where upstream gives it none, and the time. */
  readonly context: () => AnswerContext;
}

/** How an upstream is asked for the length of a prompt. */
export interface Counting {
  readonly request: UpstreamRequest;
  readonly read: (answer: Buffer) => number | undefined;
}

/** A call in a protocol that is not its client's. */
export class ConvertedCall implements SpokenCall<Buffer> {
  readonly convertedBy: ConvertedBy;
  private readonly headers: Readonly<Record<string, string>>;
  private sentLimit: LimitName | undefined;

  constructor(
    private readonly written: WrittenCall,
    private readonly wantedLimit?: LimitName,
  ) {
    const { client, upstream, losses } = written;
    const dialect: DialectName = dialectOfProtocol(upstream);
    this.convertedBy = { dialect, losses: losses.names };
    this.headers = { 'x-counterfoil-converted': losses.headerOf(client, upstream) };
  }

  forward(upstreamModel: string, loweredLimit: number | undefined): UpstreamRequest {
    const { upstream, text, outputLimit, streamed, cacheKey } = this.written;
    const codec = upstreamCodecs[upstream];
    const limit = loweredLimit ?? outputLimit;
    const name = this.wantedLimit ?? limitName({ asked: this.written.model, upstream: upstreamModel });
    this.sentLimit = limit !== undefined && upstream === 'chat' ? name : undefined;
    const body = bytesOf(codec.complete(text, { model: upstreamModel, limit, limitName: name, cacheKey }));
    const { path, query } = codec.address(upstreamModel, streamed);
    return { path, query, model: upstreamModel, headers: codec.headers, body };
  }

  /** The question how long what was written is, and the number in its answer; undefined: this upstream counts nothing. */
  counting(upstreamModel: string): Counting | undefined {
    const { upstream, text } = this.written;
    const { counter, headers } = upstreamCodecs[upstream];
    if (!counter) return undefined;
    const { path, body, member } = counter;
    const asked = Buffer.from(JSON.stringify(body(JSON.parse(text.join('')) as JsonObject, upstreamModel)));
    const request = { path: path(upstreamModel), query: '', model: upstreamModel, headers, body: asked };
    const read = (answer: Buffer) => {
      const count = parseAnswer(answer)?.[member];
      return typeof count === 'number' && Number.isSafeInteger(count) ? count : undefined;
    };
    return { request, read };
  }

  readAnswer(status: number, _headers: IncomingHttpHeaders, body: Buffer): ReadAnswer {
    // Of pictures and sound nothing is converted, and no text is so long.
    if (body.length > MOST_BYTES) return { kind: 'bad' };
    const codec = upstreamCodecs[this.written.upstream];
    const read = codec.judge(status, body);
    if (read.kind !== 'completion') return read;
    const rendered = (usage: Usage): Buffer => {
      const context = this.written.context();
      const answer = codec.readAnswer(read.payload ?? parseAnswer(body) ?? {}, callIdOf(context));
      const written = clientCodecs[this.written.client].writeAnswer(answer, usage, context);
      return Buffer.from(JSON.stringify(written));
    };
    const { kind, beside, runs, serviceTier, outputText, outputTexts, outputMedia } = read;
    const counted = { outputText, outputTexts, outputMedia };
    return {
      kind,
      usage: read.usage,
      beside,
      runs,
      serviceTier,
      ...counted,
      rendered,
      headers: this.headers,
    };
  }

  openStream(headers: IncomingHttpHeaders): AnswerStream | undefined {
    const client = clientCodecs[this.written.client];
    const upstream = upstreamCodecs[this.written.upstream];
    const inner = upstream.openStream(headers);
    if (!inner) return undefined;
    const context = this.written.context();
    const errorOf: ErrorOf = ({ status, body }, requestId) =>
      client.writeError(status, readError(parseAnswer(body)), requestId).body;
    const reader = upstream.eventReader(callIdOf(context));
    return new ConvertedStream(inner, reader, client.eventWriter(context), errorOf, this.headers);
  }

  /** Some upstreams know the limit of a chat by its other name alone. */
  rephrased(status: number, refusal: Buffer): ConvertedCall | undefined {
    const wanted = this.sentLimit && limitNameWanted(status, refusal, this.sentLimit);
    return wanted && new ConvertedCall(this.written, wanted);
  }

  errorFor(status: number, body: Buffer, requestId: string): { status: number; body: Buffer } {
    const error = clientCodecs[this.written.client].writeError(
      status,
      readError(parseAnswer(body)),
      requestId,
    );
    return { status: error.status, body: Buffer.from(JSON.stringify(error.body)) };
  }
}

/** Ids of calls are kept in conversations, where those of another answer must not be the same. */
const callIdOf = ({ requestId }: AnswerContext): string =>
  `call_${requestId.replaceAll('-', '').slice(0, 12)}`;
