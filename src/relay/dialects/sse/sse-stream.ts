import type { Usage } from '../../../domain/pricing/usage.js';
import type { NoteWritten } from '../../metering/delivered-text.js';
import { BUFFER_BYTES, bytesOfText } from '../../metering/kept-text.js';
import type { RelayError } from '../../errors.js';
import { laterReport } from '../../metering/later-report.js';
import { outputOf } from '../../metering/usage.js';
import type { AnswerStream } from '../answer-stream.js';
import type { FailedAnswer } from '../read-answer.js';
import type { JsonObject } from '../json/read.js';
import { EventFrames } from './event-frames.js';
import { bareJson, dataOf, endOfNextFrame, payloadOf, startOfFrame } from './frames.js';
import { eventsIn } from './run-on-events.js';
import { EVENT_STREAM } from './is-event-stream.js';

export interface SseLimits {
  readonly maxFrameBytes: number;
  readonly maxTailBytes: number;
}

/** No frame of a text is longer, and no tail: what exceeds it is not what it should be. */
const TEXT_LIMITS: SseLimits = { maxFrameBytes: 4 * 1024 * 1024, maxTailBytes: 1024 * 1024 };

/** Of ids of what is left at upstream: later ones are not known of. */
const MOST_LEFT_BYTES = 512 * 1024;

/** Frames without one are comments and blank lines: nothing of the answer. */
const OPEN_BRACE = 0x7b;
const NOTHING = Buffer.alloc(0);

/**
 * A stream of server-sent events on its way through, for every dialect that has such streams: whole frames only go on, and of those a
 * frame is read only when it may end the answer, report usage or an error; the others are passed as they are. Once `holding` is set,
 * every frame is kept back.
 *
 * A dialect says which frames must be read, and what they mean.
 */
export abstract class SseStream implements AnswerStream {
  readonly contentType = EVENT_STREAM;
  readonly chargedFromFirstByte = false;
  usage: Usage | undefined;
  usageIsStale = false;
  usageIsEarly = false;
  error: FailedAnswer | undefined;
  done = false;
  holding = false;
  oversized = false;
  readonly leaves: string[] = [];
  serviceTier: string | undefined;
  endsBare = false;

  private readonly frames = new EventFrames();
  private kept: Buffer[] = [];
  private keptBytes = 0;
  private leftBytes = 0;

  constructor(private readonly limits: SseLimits = TEXT_LIMITS) {}

  /** An offset inside the first frame at or after `from` that must be read; -1 when there is none. Asked only while nothing is held. */
  protected abstract firstToRead(frames: Buffer, from: number): number;

  /** Reads a frame and sets what it says; false when the client is not to see it. `payload` is undefined where `data` is no JSON object. */
  protected abstract read(data: string, payload: JsonObject | undefined): boolean;

  /** The text of the model in a frame's payload. */
  protected abstract textOf(payload: JsonObject): string;

  /** What the model made beside text in a frame's payload, in tokens from above. */
  protected mediaOf(_payload: JsonObject): number {
    return 0;
  }

  /** In which choice or item of the answer the payload writes. */
  protected partOf(_payload: JsonObject): unknown {
    return undefined;
  }

  /** Whether the payload holds something of the answer itself, and not only what precedes it. */
  protected abstract isContent(payload: JsonObject): boolean;

  abstract errorFrame(error: RelayError, requestId: string): Buffer;

  push(chunk: Buffer): Buffer {
    if (this.done || this.oversized) return NOTHING;
    const whole = this.frames.cut(chunk);
    if (this.frames.unfinishedBytes > this.limits.maxFrameBytes) this.oversized = true;
    return this.sift(whole);
  }

  /** A last frame without its blank line is whole after all. */
  finish(): Buffer {
    if (this.done || this.oversized) return NOTHING;
    return this.sift(this.frames.finish());
  }

  tail(): Buffer {
    return Buffer.concat(this.kept);
  }

  readTexts(passed: Buffer, note: NoteWritten): void {
    for (const payload of payloadsIn(passed)) this.noteTexts(payload, note);
  }

  protected noteTexts(payload: JsonObject, note: NoteWritten): void {
    note(this.textOf(payload), this.mediaOf(payload), this.partOf(payload));
  }

  hasContent(passed: Buffer): boolean {
    for (const payload of payloadsIn(passed)) if (this.isContent(payload)) return true;
    return false;
  }

  /** What the stream says of usage now. */
  protected report(usage: Usage): void {
    this.usage = laterReport(this.usage, usage);
    this.usageIsStale = false;
    if (outputOf(usage) > 0) this.usageIsEarly = false;
  }

  /** Ids of what the answer leaves at upstream; the end may repeat them. */
  protected leave(ids: readonly string[]): void {
    for (const id of ids) {
      const bytes = bytesOfText(id) + BUFFER_BYTES;
      if (this.leftBytes + bytes > MOST_LEFT_BYTES || this.leaves.includes(id)) continue;
      this.leaves.push(id);
      this.leftBytes += bytes;
    }
  }

  /** What was taken for the end was none: the answer goes on, and so does what was kept back. */
  protected goOn(): void {
    if (!this.error) this.holding = false;
  }

  /** The mark of the end has come. Unless the answer had been finished before, only what was written before it makes it one. */
  protected markEnd(isFinished: boolean): void {
    this.endsBare = !isFinished;
    this.holding = this.done = true;
  }

  /** Upstream reports an error instead of going on. */
  protected fail(error: FailedAnswer): void {
    this.error = error;
    this.holding = true;
  }

  /** Passes what lies before the first frame that must be read in one piece, reads that frame, and so on. */
  private sift(frames: Buffer): Buffer {
    const passed: Buffer[] = [];
    let from = 0;
    while (from < frames.length && !this.done) {
      if (!this.holding) {
        const at = this.firstToRead(frames, from);
        const start = at === -1 ? frames.length : startOfFrame(frames, at, from);
        if (start > from) {
          if (this.usage) this.goesOnAfterUsage(frames.subarray(from, start));
          passed.push(frames.subarray(from, start));
          from = start;
        }
        if (at === -1) break;
      }
      const to = endOfNextFrame(frames, from);
      for (const event of eventsIn(frames.subarray(from, to))) this.take(event, passed);
      from = to;
    }
    return passed.length === 1 ? (passed[0] as Buffer) : Buffer.concat(passed);
  }

  /** Once something was written, more of it says nothing new. */
  private goesOnAfterUsage(frames: Buffer): void {
    this.usageIsStale ||= frames.includes(OPEN_BRACE);
    this.usageIsEarly ||= this.hasContent(frames);
  }

  private take(event: Buffer, passed: Buffer[]): void {
    if (this.done) return;
    const data = dataOf(event) || bareJson(event);
    const payload = payloadOf(data);
    if (this.usage && payload && this.isContent(payload)) this.usageIsStale = this.usageIsEarly = true;
    const isShown = this.read(data, payload);
    if (!this.holding && this.kept.length > 0) {
      passed.push(...this.kept);
      this.kept = [];
      this.keptBytes = 0;
    }
    if (!isShown) return;
    if (this.holding) this.keep(event);
    else passed.push(event);
  }

  private keep(frame: Buffer): void {
    this.kept.push(frame);
    this.keptBytes += frame.length + BUFFER_BYTES;
    if (this.keptBytes > this.limits.maxTailBytes) this.oversized = true;
  }
}

/** What is JSON in whole frames, one by one. */
function* payloadsIn(frames: Buffer): Iterable<JsonObject> {
  let from = 0;
  while (from < frames.length) {
    const to = endOfNextFrame(frames, from);
    for (const event of eventsIn(frames.subarray(from, to))) {
      const payload = payloadOf(dataOf(event));
      if (payload) yield payload;
    }
    from = to;
  }
}
