import type { TokenUsage } from '../../../domain/pricing/price.js';
import { dataOf, endOfLastFrame, endOfNextFrame, payloadOf, startOfFrame } from './sse-frames.js';
import { listAt, objectAt, usageOf } from './usage.js';

/** No frame of a chat is longer, and no tail: what exceeds it is not what it should be. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const MAX_TAIL_BYTES = 1024 * 1024;

const FINISH = Buffer.from('"finish_reason"');
const USAGE = Buffer.from('"usage"');
const ERROR = Buffer.from('"error"');
const DONE = Buffer.from('[DONE]');
const NOTHING = Buffer.alloc(0);

export interface SseStreamOptions {
  /** How many choices must finish before the answer is over. */
  readonly choices: number;
  /** The client did not ask for the usage chunk. */
  readonly hideUsage: boolean;
}

/**
 * A chat stream on its way through: says of each chunk which bytes may go on at once, and keeps back what tells the client that the answer is
 * over (the last finish, everything after it, `[DONE]`) until the charge is durable. Pure: no clock, no socket.
 *
 * Whole frames only go on. A frame is parsed only when it holds one of four words; the others are passed as they are.
 */
export class SseStream {
  /** The last usage that any chunk carried, as reported. */
  usage: TokenUsage | undefined;
  /** More of the answer has gone through since `usage` came: it does not cover an answer that is cut here. */
  usageIsStale = false;
  /** The frame in which upstream reported an error instead of going on. */
  error: Readonly<Record<string, unknown>> | undefined;
  /** `[DONE]` has come; nothing after it is looked at. */
  done = false;
  /** All choices have finished, or `[DONE]` or an error has come: what comes from now on is kept back. */
  holding = false;
  /** A frame or a tail beyond all bounds: the stream is to be cut. */
  oversized = false;

  private unfinished: Buffer = NOTHING;
  private readonly kept: Buffer[] = [];
  private keptBytes = 0;
  private readonly finished = new Set<unknown>();

  constructor(private readonly options: SseStreamOptions) {}

  /** The bytes that may go to the client now; empty when there are none. */
  push(chunk: Buffer): Buffer {
    if (this.done || this.oversized) return NOTHING;
    const bytes = this.unfinished.length > 0 ? Buffer.concat([this.unfinished, chunk]) : chunk;
    const end = endOfLastFrame(bytes);
    this.unfinished = end === bytes.length ? NOTHING : bytes.subarray(end);
    if (this.unfinished.length > MAX_FRAME_BYTES) this.oversized = true;
    const whole = end === bytes.length ? bytes : bytes.subarray(0, end);
    return this.sift(whole);
  }

  /** Upstream has ended without cutting: a last frame without its blank line is whole after all. */
  finish(): Buffer {
    if (this.unfinished.length === 0) return NOTHING;
    return this.push(Buffer.from('\n\n'));
  }

  /** The frames kept back, to be sent once the charge is durable. */
  tail(): Buffer {
    return Buffer.concat(this.kept);
  }

  /** Passes what lies before the first frame that must be read in one piece, reads that frame, and so on. */
  private sift(frames: Buffer): Buffer {
    const passed: Buffer[] = [];
    let from = 0;
    while (from < frames.length && !this.done) {
      if (!this.holding) {
        const at = firstSuspicious(frames, from);
        const start = at === -1 ? frames.length : startOfFrame(frames, at, from);
        if (start > from) {
          this.usageIsStale = this.usage !== undefined;
          passed.push(frames.subarray(from, start));
          from = start;
        }
        if (at === -1) break;
      }
      const to = endOfNextFrame(frames, from);
      const frame = frames.subarray(from, to);
      from = to;
      if (!this.wanted(frame)) continue;
      if (this.holding) this.keep(frame);
      else passed.push(frame);
    }
    return passed.length === 1 ? (passed[0] as Buffer) : Buffer.concat(passed);
  }

  /** Reads a frame; false when the client is not to see it. */
  private wanted(frame: Buffer): boolean {
    const data = dataOf(frame);
    if (data.trim() === '[DONE]') {
      this.holding = true;
      this.done = true;
      return true;
    }
    const payload = payloadOf(data);
    if (!payload) return true;
    if (objectAt(payload['error'])) {
      this.error = payload;
      this.holding = true;
      return true;
    }
    const usage = usageOf(payload);
    if (usage) {
      this.usage = usage;
      this.usageIsStale = false;
    }
    const choices = listAt(payload['choices']);
    for (const choice of choices) this.noteFinish(objectAt(choice));
    return !(this.options.hideUsage && usage && choices.length === 0);
  }

  private noteFinish(choice: Readonly<Record<string, unknown>> | undefined): void {
    const reason = choice?.['finish_reason'];
    if (reason === null || reason === undefined || reason === '') return;
    this.finished.add(choice?.['index'] ?? 0);
    if (this.finished.size >= this.options.choices) this.holding = true;
  }

  private keep(frame: Buffer): void {
    this.kept.push(frame);
    this.keptBytes += frame.length;
    if (this.keptBytes > MAX_TAIL_BYTES) this.oversized = true;
  }
}

/**
 * Where the first word stands by which a frame can end the answer, report usage or an error; -1 where there is none. Content quotes such
 * words as `\"`, which does not match.
 */
function firstSuspicious(frames: Buffer, from: number): number {
  let first = frames.indexOf(DONE, from);
  for (const name of [FINISH, USAGE, ERROR]) {
    const at = firstValue(frames, name, from);
    if (at !== -1 && (first === -1 || at < first)) first = at;
  }
  return first;
}

/** A member of this name with a value other than null. */
function firstValue(frames: Buffer, name: Buffer, from: number): number {
  let at = frames.indexOf(name, from);
  while (at !== -1) {
    let next = at + name.length;
    while (frames[next] === 0x20 || frames[next] === 0x3a) next++;
    if (frames[next] !== 0x6e) return at;
    at = frames.indexOf(name, next);
  }
  return -1;
}
