import {
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  fchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  truncateSync,
  unlinkSync,
  writeSync,
  chmodSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../random.js';
import { Unsynced } from './unsynced.js';
import {
  answer,
  attributesAnswer,
  directoryEntry,
  entryAnswer,
  type FuseRequest,
  initAnswer,
  openAnswer,
  Opcode,
  textsIn,
} from './wire.js';

interface Node {
  readonly id: bigint;
  parent: Node | undefined;
  name: string;
  readonly unsynced: Unsynced;
}

const ROOT = 1n;
const ENOSYS = 38;
const NO_ANSWER: readonly number[] = [Opcode.FORGET, Opcode.BATCH_FORGET];
const errnos: Readonly<Record<string, number>> = {
  ENOENT: 2,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  ENOTEMPTY: 39,
};

/**
 * The files of a folder as a disk would have them: what is written is there for everybody at once, and survives a loss of power in any
 * part until it is synced. Names (made, renamed, removed) are on the disk at once and in order, as in the journal of a file system.
 */
export class FragileDisk {
  private readonly nodes = new Map<bigint, Node>();
  /** Path -> node. */
  private readonly known = new Map<string, Node>();
  private next = ROOT + 1n;

  constructor(private readonly folder: string) {
    this.nodes.set(ROOT, { id: ROOT, parent: undefined, name: '', unsynced: new Unsynced() });
  }

  /** Undefined where nothing is to be answered. */
  handle(request: FuseRequest): Buffer | undefined {
    if (NO_ANSWER.includes(request.opcode)) return undefined;
    const handler = this.handlers[request.opcode];
    if (!handler) return answer(request.unique, ENOSYS);
    try {
      return answer(request.unique, 0, handler(request));
    } catch (error) {
      const { code = '' } = error as { code?: string };
      return answer(request.unique, errnos[code] ?? 5);
    }
  }

  cut(random: Random): { lost: number; torn: number } {
    const sum = { lost: 0, torn: 0 };
    for (const [path, { unsynced }] of this.known) {
      const { lost, torn } = unsynced.lose(join(this.folder, path), random);
      sum.lost += lost;
      sum.torn += torn;
    }
    return sum;
  }

  private readonly handlers: Readonly<Record<number, (request: FuseRequest) => Buffer | undefined>> = {
    [Opcode.INIT]: ({ body }) => initAnswer(body),
    [Opcode.LOOKUP]: ({ node, body }) => this.entry(this.child(node, textsIn(body)[0] ?? '')),
    [Opcode.GETATTR]: ({ node, body }) => attributesAnswer(node, this.stat(node, body)),
    [Opcode.SETATTR]: (request) => this.setAttributes(request),
    [Opcode.MKDIR]: ({ node, body, uid, gid }) => {
      const child = this.child(node, textsIn(body.subarray(8))[0] ?? '');
      mkdirSync(this.path(child), { mode: body.readUInt32LE(0) });
      chownSync(this.path(child), uid, gid);
      return this.entry(child);
    },
    [Opcode.UNLINK]: ({ node, body }) => this.remove(this.child(node, textsIn(body)[0] ?? ''), unlinkSync),
    [Opcode.RMDIR]: ({ node, body }) => this.remove(this.child(node, textsIn(body)[0] ?? ''), rmdirSync),
    [Opcode.RENAME]: ({ node, body }) =>
      this.rename(node, body.readBigUInt64LE(0), textsIn(body.subarray(8))),
    [Opcode.RENAME2]: ({ node, body }) =>
      this.rename(node, body.readBigUInt64LE(0), textsIn(body.subarray(16))),
    [Opcode.OPEN]: ({ node }) => openAnswer(openSync(this.path(this.node(node)), 'r+')),
    [Opcode.CREATE]: ({ node, body, uid, gid }) => {
      const child = this.child(node, textsIn(body.subarray(16))[0] ?? '');
      const file = openSync(this.path(child), constants.O_RDWR | constants.O_CREAT, body.readUInt32LE(4));
      fchownSync(file, uid, gid);
      return Buffer.concat([this.entry(child), openAnswer(file)]);
    },
    [Opcode.READ]: ({ body }) => {
      const out = Buffer.alloc(body.readUInt32LE(16));
      const read = readSync(handleIn(body), out, 0, out.length, Number(body.readBigUInt64LE(8)));
      return out.subarray(0, read);
    },
    [Opcode.WRITE]: ({ node, body }) => this.write(this.node(node), body),
    [Opcode.FSYNC]: ({ node, body }) => {
      fsyncSync(handleIn(body));
      this.node(node).unsynced.synced();
      return undefined;
    },
    [Opcode.RELEASE]: ({ body }) => void closeSync(handleIn(body)),
    [Opcode.FLUSH]: () => undefined,
    [Opcode.ACCESS]: () => undefined,
    [Opcode.OPENDIR]: () => openAnswer(0),
    [Opcode.RELEASEDIR]: () => undefined,
    [Opcode.FSYNCDIR]: () => undefined,
    [Opcode.READDIR]: ({ node, body }) => this.list(this.node(node), body),
    [Opcode.STATFS]: () => Buffer.alloc(80),
    [Opcode.DESTROY]: () => undefined,
  };

  private write(node: Node, body: Buffer): Buffer {
    const file = handleIn(body);
    const offset = Number(body.readBigUInt64LE(8));
    const data = body.subarray(40, 40 + body.readUInt32LE(16));
    node.unsynced.note(file, offset, data.length);
    const out = Buffer.alloc(8);
    out.writeUInt32LE(writeSync(file, data, 0, data.length, offset), 0);
    return out;
  }

  private setAttributes({ node: id, body }: FuseRequest): Buffer {
    const node = this.node(id);
    const valid = body.readUInt32LE(0);
    const path = this.path(node);
    const [MODE, UID, GID, SIZE, HANDLE] = [1, 2, 4, 8, 64];
    const file = (valid & HANDLE) !== 0 ? handleIn(body.subarray(8)) : undefined;
    if ((valid & SIZE) !== 0) {
      const size = Number(body.readBigUInt64LE(16));
      if (file === undefined) truncateSync(path, size);
      else ftruncateSync(file, size);
      node.unsynced.cutTo(size);
    }
    if ((valid & MODE) !== 0) {
      if (file === undefined) chmodSync(path, body.readUInt32LE(68) & 0o7777);
      else fchmodSync(file, body.readUInt32LE(68) & 0o7777);
    }
    if ((valid & (UID | GID)) !== 0) chownSync(path, body.readInt32LE(76), body.readInt32LE(80));
    const of = file === undefined ? lstatSync(path, { bigint: true }) : fstatSync(file, { bigint: true });
    return attributesAnswer(id, of);
  }

  private stat(id: bigint, body: Buffer) {
    const hasHandle = (body.readUInt32LE(0) & 1) !== 0;
    return hasHandle
      ? fstatSync(Number(body.readBigUInt64LE(8)), { bigint: true })
      : lstatSync(this.path(this.node(id)), { bigint: true });
  }

  private list(node: Node, body: Buffer): Buffer {
    const offset = Number(body.readBigUInt64LE(8));
    const most = body.readUInt32LE(16);
    const parts: Buffer[] = [];
    let length = 0;
    const entries = readdirSync(this.path(node), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    for (const [index, entry] of entries.entries()) {
      if (index < offset) continue;
      const part = directoryEntry(BigInt(index + 2), index + 1, entry.name, entry.isDirectory());
      if ((length += part.length) > most) break;
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  private remove(child: Node, remove: (path: string) => void): undefined {
    remove(this.path(child));
    this.known.delete(this.below(child));
  }

  private rename(from: bigint, to: bigint, [oldName = '', newName = '']: string[]): undefined {
    const child = this.child(from, oldName);
    const target = this.child(to, newName);
    renameSync(this.path(child), this.path(target));
    const before = this.below(child);
    this.known.delete(this.below(target));
    this.known.delete(before);
    child.parent = this.node(to);
    child.name = newName;
    this.known.set(this.below(child), child);
    // What lies below a folder that was renamed is found by its new path from now on.
    for (const [path, node] of [...this.known])
      if (path.startsWith(`${before}/`)) {
        this.known.delete(path);
        this.known.set(this.below(node), node);
      }
  }

  private entry(child: Node): Buffer {
    return entryAnswer(child.id, lstatSync(this.path(child), { bigint: true }));
  }

  private node(id: bigint): Node {
    const node = this.nodes.get(id);
    if (!node) throw Object.assign(new Error(`no node ${id}`), { code: 'ENOENT' });
    return node;
  }

  private child(parentId: bigint, name: string): Node {
    const parent = this.node(parentId);
    const path = join(this.below(parent), name);
    const known = this.known.get(path);
    if (known) return known;
    const node = { id: this.next++, parent, name, unsynced: new Unsynced() };
    this.nodes.set(node.id, node);
    this.known.set(path, node);
    return node;
  }

  private below(node: Node): string {
    return node.parent ? join(this.below(node.parent), node.name) : '';
  }

  private path(node: Node): string {
    return join(this.folder, this.below(node));
  }
}

const handleIn = (body: Buffer): number => Number(body.readBigUInt64LE(0));
