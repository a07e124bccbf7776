import type { Usage } from '../../domain/pricing/usage.js';
import type { AnswerStream } from '../dialects/answer-stream.js';
import type { FailedAnswer } from '../dialects/read-answer.js';
import type { RelayError } from '../errors.js';
import type { NoteWritten } from '../metering/delivered-text.js';
import type { ToolRuns } from '../metering/tool-runs.js';
import type { UsageBeside } from '../metering/usage-beside.js';
import type { CanonicalEvent } from './canonical.js';
import type { EventReader, EventWriter } from './codec.js';
import { FrameReader } from './frame-reader.js';
import { MOST_KEPT } from './in-turn.js';

const NOTHING = Buffer.alloc(0);

/** What the model wrote in a block. */
interface Written {
  readonly block: number;
  readonly texts: string[];
}

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
  private texts: Written[] = [];
  /** Those that the client gets with the end only. */
  private lastTexts: Written[] = [];
  private wroteContent = false;
  /** In ids and names of calls, which readers and writers keep as long as these are open, or longer. */
  private namedCharacters = 0;
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
    return this.inner.oversized || this.namedCharacters > MOST_KEPT || this.writer.isOverfull;
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

  /** Texts are noted when they are read; those of the end when the end is looked at, which is empty until the charge is known. */
  readTexts(passed: Buffer, note: NoteWritten): void {
    noteAll(this.texts, note);
    this.texts = [];
    if (passed.length > 0) return;
    noteAll(this.lastTexts, note);
    this.lastTexts = [];
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
    const { texts } = this;
    this.texts = [];
    this.frames.read(this.inner.tail());
    this.frames.end();
    this.lastTexts = this.texts;
    this.texts = texts;
  }

  private take(event: CanonicalEvent): void {
    if (event.type === 'piece') this.wrote(event.text, event.block);
    else if (event.type === 'open' && event.of.kind === 'call') {
      this.namedCharacters += event.of.id.length + event.of.name.length;
      this.wrote(event.of.name, event.block);
    }
    if (this.ended) this.lastEvents.push(event);
    else this.out += this.writer.write(event);
  }

  private wrote(text: string, block: number): void {
    this.wroteContent = true;
    const last = this.texts.at(-1);
    if (last?.block === block) last.texts.push(text);
    else this.texts.push({ block, texts: [text] });
  }

  private taken(): string {
    const { out } = this;
    this.out = '';
    return out;
  }
}

function noteAll(written: readonly Written[], note: NoteWritten): void {
  for (const { block, texts } of written) for (const text of texts) note(text, 0, block);
}
