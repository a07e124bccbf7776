import type { Usage } from '../../domain/pricing/usage.js';
import type { NoteWritten } from '../metering/delivered-text.js';
import type { RelayError } from '../errors.js';
import type { ToolRuns } from '../metering/tool-runs.js';
import type { UsageBeside } from '../metering/usage-beside.js';
import type { FailedAnswer } from './read-answer.js';

/**
 * An answer in pieces on its way through: says of each chunk which bytes may go on at once, and keeps back what tells the client that
 * the answer is over until the charge is durable. Pure: no clock, no socket. An answer without frames (audio) keeps back its last
 * chunk.
 */
export interface AnswerStream {
  /** What the client's head says. */
  readonly contentType: string;
  /** Of the answer, beside those that every stream has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The last usage that came, as reported; set from the beginning where the charge depends on the request only. */
  readonly usage: Usage | undefined;
  /** More of the answer has gone through since `usage` came: it does not cover an answer that is cut here. */
  readonly usageIsStale: boolean;
  /** Something was written since `usage` told of the output, so that what it tells may be too little also where the answer is whole. */
  readonly usageIsEarly?: boolean;
  /** What upstream said of the prompt before the output, where it does: all that is known of it when the answer is cut. */
  readonly promptUsage?: Usage | undefined;
  /** What was used and is not in `usage`. */
  readonly beside?: readonly UsageBeside[] | undefined;
  /** The class of service, as upstream names it. */
  readonly serviceTier?: string | undefined;
  /** What upstream ran so far and bills by the piece, as the stream shows it. */
  readonly runs?: ToolRuns | undefined;
  /** Ids of what it has left at upstream, for later calls to refer to. */
  readonly leaves?: readonly string[] | undefined;
  /** What upstream reported instead of going on, as the whole answer it would be. Its frame is in the tail. */
  readonly error: FailedAnswer | undefined;
  /** Nothing after it is looked at. */
  readonly done: boolean;
  /** The answer's end has come: what comes from now on is kept back. */
  readonly holding: boolean;
  /** A frame or a tail beyond all bounds: the stream is to be cut. */
  readonly oversized: boolean;
  /** Any byte is worth the charge, also one without text. */
  readonly chargedFromFirstByte: boolean;
  /** The bytes that may go to the client now; empty when there are none. */
  push(chunk: Buffer): Buffer;
  /** Upstream has ended without cutting; what was unfinished is whole after all. The same as push. */
  finish(): Buffer;
  /** Upstream's own error, where the client is not to have it as it stands in the tail; undefined: there is none. */
  upstreamError?(requestId: string): Buffer | undefined;
  /** What was kept back, to be sent once the charge is durable. */
  tail(): Buffer;
  /** The charge is durable: what it was for, where the tail tells it. What `tail` gives after that is the client's. */
  told?(usage: Usage): void;
  /** What tells a client that waits that the answer goes on, where a stream has such a thing; undefined: nothing may be said now. */
  ping?(): Buffer | undefined;
  /**
   * Hands on the text of the model in bytes that push, finish or tail gave, and what is no text as tokens from above; for heartbeats, and where
   * upstream reports nothing.
   */
  readTexts(passed: Buffer, note: NoteWritten): void;
  /**
   * The mark of the end came without a finish or a usage: where nothing was written before it either, this is no answer but what some upstreams
   * make of an error. Absent: there is no such mark.
   */
  readonly endsBare?: boolean;
  /**
   * Whether bytes that push or finish gave hold something of the answer itself (text, a call, sound, a picture, thoughts), and not only what
   * precedes it: until then the call may still go to another channel, and a cut costs nothing.
   */
  hasContent(passed: Buffer): boolean;
  /** An error of ours in a stream that has begun. Undefined: there is no place for one, the connection is broken instead. */
  errorFrame(error: RelayError, requestId: string): Buffer | undefined;
}
