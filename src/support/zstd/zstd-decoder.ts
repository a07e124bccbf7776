import { Transform, type TransformCallback } from 'node:stream';
import { Malformed } from './bits.js';
import { BlockDecoder, MOST_BLOCK_BYTES } from './block.js';
import { headBytes, readHead } from './head.js';

const MAGIC = 0xfd2fb528;
/** Of frames that are passed over, but for the last four bits. */
const PASSED_OVER = 0x184d2a5;
const BEGINNING = { kind: 'magic', needs: 4 } as const;
const BLOCK = { kind: 'block', needs: 3 } as const;

/** What is read next, and how many bytes of it must be there. */
type State =
  | { readonly kind: 'magic' | 'descriptor' | 'head' | 'block' | 'length' | 'rest'; readonly needs: number }
  | { readonly kind: 'content'; readonly needs: number; readonly type: number; readonly size: number };

/**
 * Decodes zstd (RFC 8878), for versions of Node that cannot: frames one behind the other, without dictionaries. Nothing comes faster than it is
 * taken; what is kept is a window, which is bounded, and a block. The sum at the end of a frame is not compared: the way guards what it brings.
 */
export class ZstdDecoder extends Transform {
  /** Of what is encoded, as Node's own decoders count. */
  bytesWritten = 0;
  private waiting: Buffer = Buffer.alloc(0);
  private state: State = BEGINNING;
  private blocks: BlockDecoder | undefined;
  private hasBegun = false;
  private isLast = false;
  private hasChecksum = false;
  private goOn: (() => void) | undefined;

  constructor(private readonly mostWindowBytes: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytesWritten += chunk.length;
    this.waiting = this.waiting.length > 0 ? Buffer.concat([this.waiting, chunk]) : chunk;
    this.run(done);
  }

  override _flush(done: TransformCallback): void {
    const isWhole = this.hasBegun && this.waiting.length === 0 && this.state === BEGINNING;
    done(isWhole ? null : new Malformed('it breaks off'));
  }

  /** Whoever takes what comes has room again. */
  override _read(size: number): void {
    const { goOn } = this;
    this.goOn = undefined;
    if (goOn) goOn();
    else super._read(size);
  }

  private run(done: TransformCallback): void {
    try {
      for (let bytes = this.next(); bytes; bytes = this.next()) {
        const decoded = this.step(bytes);
        if (decoded && decoded.length > 0 && !this.push(decoded)) {
          this.goOn = () => this.run(done);
          return;
        }
      }
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }

  /** What the state needs, or of what is passed over as much as there is; undefined: not yet. */
  private next(): Buffer | undefined {
    const { kind, needs } = this.state;
    const size = kind === 'rest' ? Math.min(needs, this.waiting.length) : needs;
    if (this.waiting.length < size || (size === 0 && needs > 0)) return undefined;
    const bytes = this.waiting.subarray(0, size);
    this.waiting = this.waiting.subarray(size);
    return bytes;
  }

  private step(bytes: Buffer): Buffer | undefined {
    const { state } = this;
    switch (state.kind) {
      case 'magic':
        this.state = frameBeginning(bytes.readUInt32LE(0));
        this.hasBegun = true;
        return undefined;
      case 'descriptor':
        // It is read once more with the rest of the head.
        this.waiting = Buffer.concat([bytes, this.waiting]);
        this.state = { kind: 'head', needs: headBytes(bytes[0] as number) };
        return undefined;
      case 'head': {
        const { windowBytes, hasChecksum } = readHead(bytes, this.mostWindowBytes);
        this.blocks = new BlockDecoder(windowBytes);
        this.hasChecksum = hasChecksum;
        this.state = BLOCK;
        return undefined;
      }
      case 'block':
        this.readBlockHead(bytes.readUIntLE(0, 3));
        return undefined;
      case 'content':
        this.state = this.isLast ? this.frameEnd() : BLOCK;
        return this.blocks?.decode(state.type, bytes, state.size);
      case 'length':
        this.state = { kind: 'rest', needs: bytes.readUInt32LE(0) };
        return undefined;
      case 'rest': {
        const needs = state.needs - bytes.length;
        this.state = needs > 0 ? { kind: 'rest', needs } : BEGINNING;
        return undefined;
      }
    }
  }

  private readBlockHead(head: number): void {
    this.isLast = (head & 1) === 1;
    const type = (head >> 1) & 3;
    const size = head >> 3;
    if (size > MOST_BLOCK_BYTES) throw new Malformed('a block is too large');
    this.state = { kind: 'content', needs: type === 1 ? 1 : size, type, size };
  }

  private frameEnd(): State {
    return this.hasChecksum ? { kind: 'rest', needs: 4 } : BEGINNING;
  }
}

function frameBeginning(magic: number): State {
  if (magic === MAGIC) return { kind: 'descriptor', needs: 1 };
  if (magic >>> 4 === PASSED_OVER) return { kind: 'length', needs: 4 };
  throw new Malformed('it is no zstd');
}
