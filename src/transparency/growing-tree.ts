import { HASHES, type NodeKind } from './hashing.js';
import { EVENTS_A_TILE, LEVELS_A_TILE, levelsOf, subtreeRoot, tilesOf } from './tile.js';

/** A tile as far as it has grown. */
export interface GrownTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Buffer;
}

interface Edge {
  index: number;
  width: number;
  hashes: Buffer;
  changed: boolean;
}

/** A tile of a tree that is there already; `width` says how much of it is asked for. */
export type ReadTile = (level: number, index: number, width: number) => Promise<Buffer>;

/** The right edge of a tree, to which entries are added: a tile a level, however many entries there are. */
export class GrowingTree {
  private readonly edges: Edge[] = [];
  private grown: GrownTile[] = [];

  private constructor(
    public size: number,
    private readonly kind: NodeKind,
  ) {}

  static empty(kind: NodeKind = HASHES): GrowingTree {
    return new GrowingTree(0, kind);
  }

  /** One that goes on where the tree of that size ended. */
  static async resume(size: number, read: ReadTile): Promise<GrowingTree> {
    const tree = new GrowingTree(size, HASHES);
    for (let level = 0; level < levelsOf(size); level += 1) {
      const { full, width } = tilesOf(size, level);
      const hashes = tree.newTile();
      if (width > 0) (await read(level, full, width)).copy(hashes);
      tree.edges.push({ index: full, width, hashes, changed: false });
    }
    return tree;
  }

  append(leafHash: Buffer): void {
    this.size += 1;
    this.appendTo(0, leafHash);
  }

  /** The tiles that have grown since the last call. */
  takeGrown(): readonly GrownTile[] {
    const grown = this.grown;
    this.grown = [];
    this.edges.forEach((edge, level) => {
      if (edge.changed && edge.width > 0)
        grown.push({
          level,
          index: edge.index,
          hashes: Buffer.from(edge.hashes.subarray(0, edge.width * this.kind.bytes)),
        });
      edge.changed = false;
    });
    return grown;
  }

  /** What all entries so far come to: RFC 6962's Merkle tree hash. */
  root(): Buffer {
    let root: Buffer | undefined;
    for (const { hashes, width } of this.edges) {
      let end = width;
      for (let bit = 0; bit < LEVELS_A_TILE; bit += 1) {
        const count = 2 ** bit;
        if ((width & count) === 0) continue;
        const peak = subtreeRoot(hashes, end - count, count, this.kind);
        root = root ? this.kind.join(peak, root) : peak;
        end -= count;
      }
    }
    return Buffer.from(root ?? this.kind.empty);
  }

  private appendTo(level: number, hash: Buffer): void {
    const edge = (this.edges[level] ??= {
      index: 0,
      width: 0,
      hashes: this.newTile(),
      changed: false,
    });
    hash.copy(edge.hashes, edge.width * this.kind.bytes);
    edge.width += 1;
    edge.changed = true;
    if (edge.width < EVENTS_A_TILE) return;
    this.grown.push({ level, index: edge.index, hashes: edge.hashes });
    const root = subtreeRoot(edge.hashes, 0, EVENTS_A_TILE, this.kind);
    this.edges[level] = {
      index: edge.index + 1,
      width: 0,
      hashes: this.newTile(),
      changed: false,
    };
    this.appendTo(level + 1, root);
  }

  private newTile(): Buffer {
    return Buffer.alloc(EVENTS_A_TILE * this.kind.bytes);
  }
}
