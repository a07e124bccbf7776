import type { Unit, UnitSplitter } from '../../units.js';

const NOTHING = Buffer.alloc(0);
/** Google may send an error as the only one of a list. */
const OBJECT = /^\[?\s*\{/;

/**
 * Units of one framing that the client gets in another one: some upstreams know only one, whichever `alt` asks for. What is no JSON (a comment,
 * `[DONE]`) has no place in the other one, and is left out.
 */
export class ReframedUnits implements UnitSplitter {
  readonly contentType: string;
  readonly ending: string;
  private isFirst = true;

  constructor(
    private readonly from: UnitSplitter,
    private readonly to: UnitSplitter,
  ) {
    this.contentType = to.contentType;
    this.ending = to.ending;
  }

  get unfinishedBytes(): number {
    return this.from.unfinishedBytes;
  }

  split(chunk: Buffer): Unit[] {
    return this.from.split(chunk).flatMap((unit) => this.reframed(unit) ?? []);
  }

  rest(): Unit | undefined {
    const rest = this.from.rest();
    return rest && this.reframed(rest);
  }

  json(unit: Buffer): string {
    return this.to.json(unit);
  }

  frame(json: string, isFirst: boolean): Buffer {
    return this.to.frame(json, isFirst);
  }

  unitsOf(passed: Buffer): Iterable<Buffer> {
    return this.to.unitsOf(passed);
  }

  private reframed({ kind, bytes }: Unit): Unit | undefined {
    if (kind === 'close') return { kind, bytes: NOTHING };
    // Between its values JSON may have line ends, and data of an event none.
    const json = this.from
      .json(bytes)
      .trim()
      .replace(/[\r\n]+/g, ' ');
    if (!OBJECT.test(json)) return undefined;
    const framed = this.to.frame(json, this.isFirst);
    this.isFirst = false;
    return { kind, bytes: framed };
  }
}
