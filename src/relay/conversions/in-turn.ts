import { KeptText } from '../metering/kept-text.js';
import type { CanonicalEvent, OpenedBlock } from './canonical.js';
import { JsonEnd } from './json-end.js';

type Piece = Extract<CanonicalEvent, { type: 'piece' | 'signature' }>;

/** What may be kept back, in bytes of memory; as much again may be kept of what is to be counted. */
export const MOST_KEPT = 512 * 1024;
/** What a block takes beside its texts. */
export const BLOCK_BYTES = 1024;

/** A block that came while another one was open. */
interface Waiting {
  readonly of: OpenedBlock;
  readonly piece: KeptText;
  readonly signature: KeptText;
  closed: boolean;
}

/**
 * Blocks one after the other, for clients that take them so: what upstream writes side by side is kept back until the open one has ended. A
 * call has where its JSON has and another block has begun, since many upstreams say so at the end of the answer only.
 */
export class InTurn {
  keptBytes = 0;
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
      const texts = { piece: new KeptText(), signature: new KeptText() };
      this.waiting.set(event.block, { of: event.of, ...texts, closed: false });
      this.keptBytes += BLOCK_BYTES;
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
    const kept = waiting[event.type];
    this.keptBytes -= kept.bytes;
    kept.add(event.text);
    this.keptBytes += kept.bytes;
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
    const [block, { of, piece, signature, closed }] = first;
    this.waiting.delete(block);
    this.keptBytes -= BLOCK_BYTES + piece.bytes + signature.bytes;
    this.begin(block, of);
    if (signature.length > 0) this.piece({ type: 'signature', block, text: signature.text });
    if (piece.length > 0) this.piece({ type: 'piece', block, text: piece.text });
    if (closed && this.isOpen(block)) this.next();
  }

  private flush(): void {
    while (this.current) this.next();
  }
}
