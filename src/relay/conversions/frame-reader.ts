import { dataOf, endOfNextFrame, payloadOf } from '../dialects/sse/frames.js';
import { eventsIn } from '../dialects/sse/run-on-events.js';
import type { CanonicalEvent, Piece } from './canonical.js';
import type { EventReader } from './codec.js';
import { FrameMould } from './frame-mould.js';

const COLON = 0x3a;
const DATA = 'data: ';
/** Whole frames, each of one line of JSON, or `[DONE]`, behind the name of an event or none. */
const PLAIN = /^(?:(?:event: [\w.]+\n)?data: (?:\{.*\}|\[DONE\])\n\n)+$/;
/** Making a mould costs as much as parsing a frame twice: where frames come in turns of many kinds, it is not done for each of them. */
const FRAMES_A_MOULD = 8;

/** The frames of an upstream's stream as events. */
export class FrameReader {
  private mould: FrameMould | undefined;
  /** Frames that were parsed, less those that moulds have cost. */
  private credit = FRAMES_A_MOULD;
  /** What the payload that is read has given. */
  private events = 0;
  private piece: Piece | undefined;

  constructor(
    private readonly reader: EventReader,
    private readonly emit: (event: CanonicalEvent) => void,
  ) {}

  /** `frames`: whole ones. */
  read(frames: Buffer): void {
    const text = frames.toString('utf8');
    let from = this.fitted(text, 0);
    if (from === text.length) return;
    const rest = text.slice(from);
    // Most frames are one line of data, with the event's name before it or without: those are not looked into line by line.
    if (!PLAIN.test(rest)) return this.readLines(from === 0 ? frames : Buffer.from(rest));
    while (from < text.length) from = this.fitted(text, this.readFrame(text, from));
  }

  end(): void {
    this.reader.end(this.emit);
  }

  /** Where the frames end that are like one that was read. */
  private fitted(text: string, from: number): number {
    const { mould } = this;
    if (!mould) return from;
    let at = from;
    while (at < text.length) {
      const piece = mould.fit(text, at);
      if (!piece) break;
      this.credit++;
      this.emit(piece);
      at = mould.end;
    }
    return at;
  }

  private readFrame(text: string, from: number): number {
    const end = text.indexOf('\n\n', from) + 2;
    const begins = text.indexOf(`${DATA}{`, from);
    if (begins === -1 || begins > end) return end;
    this.events = 0;
    this.readPayload(text.slice(begins + DATA.length, end));
    this.credit++;
    const { piece } = this;
    this.piece = undefined;
    if (this.events === 1 && piece && this.credit >= FRAMES_A_MOULD) {
      this.credit -= FRAMES_A_MOULD;
      this.mould = FrameMould.of(text.slice(from, end), piece, this.reader);
    }
    return end;
  }

  private readonly note = (event: CanonicalEvent): void => {
    this.events++;
    this.piece = event.type === 'piece' ? event : undefined;
    this.emit(event);
  };

  private readPayload(data: string): boolean {
    const payload = payloadOf(data);
    // What has been read since may have opened another block.
    this.mould = undefined;
    if (payload) this.reader.read(payload, this.note);
    return payload !== undefined;
  }

  private readLines(frames: Buffer): void {
    let from = 0;
    while (from < frames.length) {
      const to = endOfNextFrame(frames, from);
      for (const frame of eventsIn(frames.subarray(from, to)))
        if (!this.readPayload(dataOf(frame)) && frame[0] === COLON) this.emit({ type: 'ping' });
      from = to;
    }
  }
}
