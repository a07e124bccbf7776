/** What a stream consists of. */
export interface Unit {
  /** A payload; the explicit end, where the framing has one; or JSON outside of the framing, of which only an error is worth something. */
  readonly kind: 'payload' | 'close' | 'bare';
  /** As they came, with the separators before them. */
  readonly bytes: Buffer;
}

/** One framing of a stream. Bytes go in as they come; whole units come out, the same ones wherever the bytes are cut. */
export interface UnitSplitter {
  readonly contentType: string;
  /** What follows the last unit. */
  readonly ending: string;
  /** Bytes of a unit that is not whole yet. */
  readonly unfinishedBytes: number;
  split(chunk: Buffer): Unit[];
  /** Upstream has ended: what was unfinished is a unit after all; undefined when nothing was. */
  rest(): Unit | undefined;
  /** The JSON text in a unit; empty for one that has none, such as a comment. */
  json(unit: Buffer): string;
  /** A payload as a unit; `isFirst`: there is none before it. */
  frame(json: string, isFirst: boolean): Buffer;
  /** Bytes that came out of it before, unit by unit. */
  unitsOf(passed: Buffer): Iterable<Buffer>;
}
