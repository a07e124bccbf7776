import type { Usage } from '../../domain/pricing/usage.js';
import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerStream } from '../dialects/answer-stream.js';
import type { ReadAnswer } from '../dialects/read-answer.js';
import type { JsonObject } from '../dialects/json/read.js';
import type { Quirk } from '../../domain/channel/conversion.js';
import type { RelayError } from '../errors.js';
import type { CanonicalAnswer, CanonicalEvent, CanonicalRequest, Tool } from './canonical.js';
import type { ForeignError } from './foreign-error.js';
import type { JsonPieces } from './json-pieces.js';
import type { Losses } from './losses.js';
import type { Names } from './names.js';
import type { Seal } from './envelope.js';

/** How a protocol's clients ask, and how they are answered. */
export interface ClientCodec {
  /** @throws Inconvertible */
  readRequest(body: JsonObject, losses: Losses): CanonicalRequest;
  writeAnswer(answer: CanonicalAnswer, usage: Usage, context: AnswerContext): object;
  eventWriter(context: AnswerContext): EventWriter;
  /** An upstream's error with the status that the client gets. */
  writeError(
    status: number,
    error: ForeignError,
    requestId: string,
  ): { readonly status: number; readonly body: object };
}

/** What an attempt decides of a request. */
export interface Attempt {
  /** What the model is called there. */
  readonly model: string;
  /** The most output tokens, and under which name that is said in chats. */
  readonly limit: number | undefined;
  readonly limitName: string;
  /** By which upstream finds what it has cached, where it keeps that by a name. */
  readonly cacheKey: string | undefined;
}

/** How an upstream of a protocol is asked, and how it answers. */
export interface UpstreamCodec {
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** It takes no call without a limit of the output. */
  readonly needsLimit: boolean;
  /** Below the base. */
  address(model: string, streamed: boolean): { readonly path: string; readonly query: string };
  /** All but what an attempt decides. @throws Inconvertible */
  writeRequest(request: CanonicalRequest, writing: Writing): JsonObject;
  /** The JSON text of what was written, with what the attempt decides. */
  complete(written: JsonPieces, attempt: Attempt): JsonPieces;
  /** What upstream's whole answer turns out to be, as for its own clients. */
  judge(status: number, body: Buffer): ReadAnswer;
  /** Of one that is an answer. `callId`: what ids of calls begin with where upstream gives none. */
  readAnswer(body: JsonObject, callId: string): CanonicalAnswer;
  /** As for its own clients, with all that they could ask to be shown; undefined: this is no stream. */
  openStream(headers: IncomingHttpHeaders): AnswerStream | undefined;
  eventReader(callId: string): EventReader;
  /** How it is asked for the length of what was written; absent: it counts nothing. */
  readonly counter?: {
    readonly path: (model: string) => string;
    readonly body: (written: JsonObject, model: string) => object;
    /** The member of the answer. */
    readonly member: string;
  };
}

/** Reads the payloads of an upstream's stream, one by one. Pure, and keeps no more than what is open. */
export interface EventReader {
  read(payload: JsonObject, emit: (event: CanonicalEvent) => void): void;
  /** Upstream has said its end: whatever is open ends, and why the model stopped. */
  end(emit: (event: CanonicalEvent) => void): void;
}

/** Writes events as a client reads them, in the order and with the marks that its grammar wants. */
export interface EventWriter {
  readonly contentType: string;
  /** What may be sent now; empty when nothing may. */
  write(event: CanonicalEvent): string;
  /** The end, with the usage that was charged. Nothing comes after it. */
  finish(usage: Usage): string;
  /** An upstream's error, as the body of an answer has it, in place of the end. */
  foreignError(body: object): Buffer;
  /** The same of one of ours. */
  ownError(error: RelayError, requestId: string): Buffer;
  /** Says that the answer goes on, where nothing can be said of it; empty before its beginning. */
  ping(): string;
  /** What is kept of upstream's, in bytes of memory. */
  readonly keptBytes: number;
  /** The most that may be. */
  readonly mostKept: number;
}

/** What a client's answer is written with beside what upstream said. */
export interface AnswerContext {
  /** As the client asked for it, where upstream names none. */
  readonly model: string;
  readonly requestId: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Of the prompt, estimated. */
  readonly promptTokens: number;
  /** The client asked for the usage of a stream, where it must. */
  readonly showsUsage: boolean;
  /** The client did not ask for thoughts, where it must. */
  readonly hidesThoughts?: boolean;
  /** How a stream is framed, where clients choose. */
  readonly framing?: Framing | undefined;
  /** The signature of a thought as the client keeps it, of what upstream signed. */
  readonly seal: (signature: string) => string;
  /** The client's. */
  readonly tools: readonly Tool[];
  /** What the client calls a tool. */
  readonly originalName: (name: string) => string;
}

/** Events, or the elements of an array that grows. */
export type Framing = 'sse' | 'json';

/** What an upstream's request is written with. */
export interface Writing {
  /** Asked for an answer in pieces. */
  readonly streamed: boolean;
  /** What the model is called there. */
  readonly model: string;
  readonly names: Names;
  readonly losses: Losses;
  readonly quirks: ReadonlySet<Quirk>;
  /** The limit of the output that the call is held with: the client's, or less. */
  readonly heldLimit: number;
  readonly seal: Seal;
}

/** What was written, with the members that an attempt decides before it. */
const withMembers = (written: JsonPieces, members: Readonly<Record<string, unknown>>): JsonPieces => [
  `${JSON.stringify(members).slice(0, -1)},`,
  ...written.slice(1),
];

/** The model by its name, and the limit of the output by that of the protocol. */
export const named =
  (limitName?: string) =>
  (written: JsonPieces, { model, limit, limitName: wanted }: Attempt): JsonPieces =>
    withMembers(written, { model, [limitName ?? wanted]: limit });

/** The same, and the name of what is cached. */
export const namedAndCached =
  (limitName?: string) =>
  (written: JsonPieces, attempt: Attempt): JsonPieces => {
    const { model, limit, limitName: wanted, cacheKey } = attempt;
    return withMembers(written, { model, [limitName ?? wanted]: limit, prompt_cache_key: cacheKey });
  };
