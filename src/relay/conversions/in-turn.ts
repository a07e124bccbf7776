import type { CanonicalEvent, OpenedBlock } from './canonical.js';
import { JsonEnd } from './json-end.js';

type Piece = Extract<CanonicalEvent, { type: 'piece' | 'signature' }>;

/** What may be kept back, in characters. */
export const MOST_KEPT = 1024 * 1024;
/** What a block, or a piece of one, takes beside its text. */
export const BLOCK_CHARACTERS = 256;
const PIECE_CHARACTERS = 64;

/** A block that came while another one was open, piece by piece. */
interface Waiting {
  readonly of: OpenedBlock;
  readonly events: Piece[];
  closed: boolean;
}

/**
 * Blocks one after the other, for clients that take them so: what upstream writes side by side is kept back until the open one has ended. A
 * call has where its JSON has and another block has begun, since many upstreams say so at the end of the answer only.
 */
export class InTurn {
  keptCharacters = 0;
  private current: { readonly block: number; readonly of: OpenedBlock; readonly json: JsonEnd } | undefined;
  private readonly waiting = new Map<number, Waiting>();

  constructor(private readonly emit: (event: CanonicalEvent) => void) {}

  take(event: CanonicalEvent): void {
    switch (event.type) {
      case 'open':
        return this.open(event);
      case 'piece':
      case 'signature':
        return this.piece(event);
      case 'close':
        return this.close(event.block);
      case 'finish':
        this.flush();
        return this.emit(event);
      default:
        this.emit(event);
    }
  }

  private open(event: Extract<CanonicalEvent, { type: 'open' }>): void {
    if (this.current) {
      this.keptCharacters += BLOCK_CHARACTERS;
      this.waiting.set(event.block, { of: event.of, events: [], closed: false });
      if (this.isWhole) this.next();
    } else this.begin(event.block, event.of);
  }

  private begin(block: number, of: OpenedBlock): void {
    this.current = { block, of, json: new JsonEnd() };
    this.emit({ type: 'open', block, of });
  }

  private piece(event: Piece): void {
    if (event.block === this.current?.block) {
      this.emit(event);
      if (this.current.of.kind !== 'call' || event.type !== 'piece') return;
      this.current.json.see(event.text);
      if (this.isWhole && this.waiting.size > 0) this.next();
      return;
    }
    const waiting = this.waiting.get(event.block);
    // A piece of a block that has ended already: there is no place for it.
    if (!waiting) return;
    waiting.events.push(event);
    this.keptCharacters += event.text.length + PIECE_CHARACTERS;
  }

  private close(block: number): void {
    if (block === this.current?.block) return this.next();
    const waiting = this.waiting.get(block);
    if (waiting) waiting.closed = true;
  }

  private isOpen(block: number): boolean {
    return this.current?.block === block;
  }

  private get isWhole(): boolean {
    return this.current?.of.kind === 'call' && this.current.json.ended;
  }

  /** Ends the open block, and what has waited longest is the open one; those that are whole by then go out at once. */
  private next(): void {
    if (this.current) this.emit({ type: 'close', block: this.current.block });
    this.current = undefined;
    const [first] = this.waiting;
    if (!first) return;
    const [block, { of, events, closed }] = first;
    this.waiting.delete(block);
    this.keptCharacters -= BLOCK_CHARACTERS;
    this.begin(block, of);
    for (const event of events) {
      this.keptCharacters -= event.text.length + PIECE_CHARACTERS;
      this.piece(event);
    }
    if (closed && this.isOpen(block)) this.next();
  }

  private flush(): void {
    while (this.current) this.next();
  }
}
