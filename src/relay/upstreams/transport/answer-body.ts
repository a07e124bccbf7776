import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { AnswerDecoder } from '../type.js';
import { ByteOrderMark } from './byte-order-mark.js';
import { type Encoding, encodingOf, encodingShown, Inflation } from './inflation.js';

const NOTHING = Buffer.alloc(0);
/** Their bytes may be anything. */
const MEDIA = /^(audio|video|image)\/|^application\/octet-stream/i;

/** Asked at the head of an answer; undefined: its bytes are what the dialect reads. */
export type Decode = (status: number, headers: IncomingHttpHeaders) => AnswerDecoder | undefined;

export interface BodyListener {
  bytes(plain: Buffer): void;
  /** All that came in has been handed on; `isWhole` is false where it could not be undone, or breaks off. */
  over(isWhole: boolean): void;
}

/**
 * The body of an answer as the dialect reads it: without its encoding, whether a header names that or only its first bytes show it (some
 * upstreams encode although they were asked not to, and do not say so), and without what the kind of upstream packs it in. What is neither
 * goes through as it came, in the same turn.
 */
export class AnswerBody {
  /** As the dialect sees them. */
  readonly headers: IncomingHttpHeaders;
  private readonly decoder: AnswerDecoder | undefined;
  private inflation: Inflation | undefined;
  /** The first bytes, until they have shown whether they are encoded; undefined from then on. */
  private first: Buffer | undefined;
  /** Of a text; undefined once it has begun, and where there is none. */
  private mark: ByteOrderMark | undefined;
  private isPaused = false;
  private isBehind = false;
  private isOver = false;

  /** @throws Error where nobody here can undo what was done to it */
  constructor(
    private readonly controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    decode: Decode | undefined,
    private readonly listener: BodyListener,
  ) {
    const encoding = encodingOf(headers['content-encoding']);
    if (encoding === 'unknown') throw new Error('the encoding is not known here');
    const isMedia = MEDIA.test(headers['content-type'] ?? '');
    if (encoding !== undefined) this.inflate(encoding);
    else if (!isMedia) this.first = NOTHING;
    if (!isMedia) this.mark = new ByteOrderMark();
    this.decoder = decode?.(status, headers);
    this.headers = this.decoder?.headers ?? headers;
  }

  push(chunk: Buffer): void {
    if (this.first) this.look(this.first.length === 0 ? chunk : Buffer.concat([this.first, chunk]));
    else if (this.inflation) this.inflation.push(chunk);
    else this.unpack(chunk);
  }

  /** Nothing more comes: `over` follows, at once where nothing is to be inflated. */
  finish(): void {
    if (this.first && this.first.length > 0) this.unpack(this.first);
    if (this.inflation) this.inflation.finish();
    else this.close(true);
  }

  /** Hands on nothing more for now, or goes on; upstream is held up as well. */
  pause(): void {
    this.isPaused = true;
    this.inflation?.pause();
    this.controller.pause();
  }

  resume(): void {
    this.isPaused = false;
    this.inflation?.resume();
    if (!this.isBehind) this.controller.resume();
  }

  destroy(): void {
    this.isOver = true;
    this.inflation?.destroy();
  }

  private look(first: Buffer): void {
    const shown = encodingShown(first);
    this.first = shown === 'later' ? first : undefined;
    if (shown === 'later') return;
    if (shown !== undefined) this.inflate(shown);
    this.push(first);
  }

  private inflate(encoding: Encoding): void {
    this.inflation = new Inflation(encoding, {
      bytes: (inflated) => this.unpack(inflated),
      over: (isWhole) => this.close(isWhole),
      waits: (isWaiting) => {
        this.isBehind = isWaiting;
        if (isWaiting) this.controller.pause();
        else if (!this.isPaused) this.controller.resume();
      },
    });
  }

  private unpack(bytes: Buffer): void {
    if (this.isOver) return;
    if (!this.decoder) this.handOn(bytes);
    else this.decoded((decoder) => decoder.push(bytes));
  }

  /** A text without the mark that may stand before it: JSON with one is none to most readers, and a line none of an event. */
  private handOn(bytes: Buffer): void {
    const plain = this.mark ? this.mark.without(bytes) : bytes;
    if (plain === undefined) return;
    this.mark = undefined;
    this.listener.bytes(plain);
  }

  private close(isWhole: boolean): void {
    if (isWhole && !this.isOver && this.decoder) this.decoded((decoder) => decoder.finish());
    if (this.isOver) return;
    if (this.mark?.unfinished) this.listener.bytes(this.mark.unfinished);
    this.isOver = true;
    this.listener.over(isWhole);
  }

  private decoded(step: (decoder: AnswerDecoder) => Buffer): void {
    let bytes: Buffer = NOTHING;
    try {
      bytes = step(this.decoder as AnswerDecoder);
    } catch {
      this.destroy();
      this.listener.over(false);
    }
    if (bytes.length > 0) this.handOn(bytes);
  }
}
