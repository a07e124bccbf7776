import type { Usage } from '../../domain/pricing/usage.js';
import type { AnswerStream } from '../dialects/answer-stream.js';
import type { FailedAnswer } from '../dialects/read-answer.js';
import type { RelayError } from '../errors.js';
import type { NoteWritten } from '../metering/delivered-text.js';
import { bytesOfText } from '../metering/kept-text.js';
import type { ToolRuns } from '../metering/tool-runs.js';
import type { UsageBeside } from '../metering/usage-beside.js';
import type { CanonicalEvent } from './canonical.js';
import type { EventReader, EventWriter } from './codec.js';
import { FrameReader } from './frame-reader.js';
import { WrittenTexts } from './written-texts.js';

const NOTHING = Buffer.alloc(0);
const LONGEST_NAME = 1_024;

/** An upstream's own error as the body of an answer to the client. */
export type ErrorOf = (error: Extract<FailedAnswer, { kind: 'error' }>, requestId: string) => object;

/**
 * An upstream's stream, as a client of another dialect reads it. Upstream's own stream says what is usage, error and end, as it does for its
 * own clients; what it lets pass is read and written anew, and what it keeps back is the client's end.
 */
export class ConvertedStream implements AnswerStream {
  readonly chargedFromFirstByte = false;
  private readonly frames: FrameReader;
  private out = '';
  /** Of which the client has got something, and which are not counted yet. */
  private readonly sent = new WrittenTexts();
  /** Those that it gets later, or with the end. */
  private readonly unsent = new WrittenTexts();
  private wroteContent = false;
  /** Of ids and names of calls, which readers and writers keep as long as these are open, or longer. */
  private nameBytes = 0;
  /** What the client gets with the end only: until then its writer knows of nothing that it was not given. */
  private readonly lastEvents: CanonicalEvent[] = [];
  private end: Buffer | undefined;
  private ended = false;
  private charged: Usage | undefined;

  constructor(
    private readonly inner: AnswerStream,
    reader: EventReader,
    private readonly writer: EventWriter,
    private readonly errorOf: ErrorOf,
    readonly headers: Readonly<Record<string, string>>,
  ) {
    this.frames = new FrameReader(reader, (event) => this.take(event));
  }

  get contentType(): string {
    return this.writer.contentType;
  }

  get usage(): Usage | undefined {
    return this.inner.usage;
  }

  get usageIsStale(): boolean {
    return this.inner.usageIsStale;
  }

  get usageIsEarly(): boolean {
    return this.inner.usageIsEarly === true;
  }

  get promptUsage(): Usage | undefined {
    return this.inner.promptUsage;
  }

  get beside(): readonly UsageBeside[] | undefined {
    return this.inner.beside;
  }

  get serviceTier(): string | undefined {
    return this.inner.serviceTier;
  }

  get runs(): ToolRuns | undefined {
    return this.inner.runs;
  }

  get error(): FailedAnswer | undefined {
    return this.inner.error;
  }

  get done(): boolean {
    return this.inner.done;
  }

  get holding(): boolean {
    return this.inner.holding;
  }

  get endsBare(): boolean {
    return this.inner.endsBare === true;
  }

  get oversized(): boolean {
    return this.inner.oversized || this.nameBytes + this.writer.keptBytes > this.writer.mostKept;
  }

  push(chunk: Buffer): Buffer {
    return this.converted(this.inner.push(chunk));
  }

  finish(): Buffer {
    return this.converted(this.inner.finish());
  }

  told(usage: Usage): void {
    this.charged = usage;
  }

  upstreamError(requestId: string): Buffer | undefined {
    const { error } = this.inner;
    if (!error) return undefined;
    return error.kind === 'error'
      ? this.writer.foreignError(this.errorOf(error, requestId))
      : this.writer.ownError({ code: 'upstream_unavailable' }, requestId);
  }

  /** Nothing until the charge is known: the end tells it. */
  tail(): Buffer {
    if (this.inner.error) return NOTHING;
    this.readEnd();
    if (!this.charged) return NOTHING;
    return (this.end ??= this.written(this.charged));
  }

  /** What the client got is noted when it is read; the rest when the end is looked at, which is empty until the charge is known. */
  readTexts(passed: Buffer, note: NoteWritten): void {
    this.sent.handOn(note);
    if (passed.length === 0 && this.ended) this.unsent.handOn(note);
  }

  hasContent(): boolean {
    return this.wroteContent;
  }

  errorFrame(error: RelayError, requestId: string): Buffer {
    return this.writer.ownError(error, requestId);
  }

  /** Something for a client that waits, and that some give up without; undefined where it has nothing yet. */
  ping(): Buffer | undefined {
    const ping = this.ended ? '' : this.writer.ping();
    return ping === '' ? undefined : Buffer.from(ping);
  }

  private converted(passed: Buffer): Buffer {
    if (passed.length === 0) return NOTHING;
    this.frames.read(passed);
    return Buffer.from(this.taken());
  }

  private written(usage: Usage): Buffer {
    const last = this.lastEvents.map((event) => this.writer.write(event)).join('');
    return Buffer.from(last + this.writer.finish(usage));
  }

  private readEnd(): void {
    if (this.ended) return;
    this.ended = true;
    this.frames.read(this.inner.tail());
    this.frames.end();
  }

  private take(event: CanonicalEvent): void {
    if (event.type === 'piece') return this.tell(event, event.text, event.block);
    if (event.type === 'open' && event.of.kind === 'call') {
      const { id, name } = event.of;
      this.nameBytes += bytesOfText(id) + bytesOfText(name);
      return this.tell(event, name, event.block);
    }
    this.write(event.type === 'start' ? { ...event, id: short(event.id), model: short(event.model) } : event);
  }

  /** What the model wrote, of which the client may get something now, or later. */
  private tell(event: CanonicalEvent, text: string, block: number): void {
    this.wroteContent = true;
    (this.write(event) ? this.sent : this.unsent).add(text, block);
  }

  /** Whether the client gets something of what there is. */
  private write(event: CanonicalEvent): boolean {
    if (this.ended) {
      this.lastEvents.push(event);
      return false;
    }
    const out = this.writer.write(event);
    this.out += out;
    if (out === '' || event.type === 'ping') return false;
    if (!this.unsent.isEmpty) this.sent.takeFrom(this.unsent);
    return true;
  }

  private taken(): string {
    const { out } = this;
    this.out = '';
    return out;
  }
}

/** A longer one is no name of an answer, and every chunk of a chat would have it. */
const short = (name: string | undefined): string | undefined =>
  name !== undefined && name.length <= LONGEST_NAME ? name : undefined;
