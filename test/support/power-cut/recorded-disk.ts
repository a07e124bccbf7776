import * as real from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** One thing that was done to a disk. Files have numbers: a name may come and go. */
export type DiskStep =
  | { readonly kind: 'create'; readonly path: string; readonly file: number }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'link' | 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'write'; readonly file: number; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'cut'; readonly file: number; readonly size: number }
  | { readonly kind: 'sync'; readonly file: number }
  | { readonly kind: 'sync-folder'; readonly path: string };

interface OpenFile {
  readonly number: number;
  size: number;
}

type Files = typeof real;

/**
 * Stands for `node:fs/promises` and notes, in order, what is done below a folder: names, writes and what was made durable. What it is asked
 * is done for real. Paths in the steps are relative to the folder, which is '' and was there before.
 */
export class RecordedDisk {
  readonly steps: DiskStep[] = [];
  private root = '';
  private readonly files = new Map<string, OpenFile>();
  private next = 1;

  /** From now on below this folder, and nothing noted yet. */
  begin(root: string): void {
    this.root = root;
    this.steps.length = 0;
    this.files.clear();
  }

  readonly module: Partial<Files> = {
    ...real,
    open: (async (path: string, flags = 'r', mode?: number) => {
      const known = this.files.get(path);
      const handle = await real.open(path, flags, mode);
      if (!this.isBelow(path)) return handle;
      if ((await handle.stat()).isDirectory()) return this.folderHandle(handle, path);
      const file = known ?? this.create(path);
      if (known && String(flags).startsWith('w')) this.cut(file, 0);
      return this.fileHandle(handle, file);
    }) as Files['open'],
    mkdir: (async (path: string, options: object) => {
      const first = await real.mkdir(path, options);
      if (first !== undefined && this.isBelow(first))
        for (const made of foldersBetween(first, path)) this.note({ kind: 'folder', path: this.name(made) });
      return first;
    }) as Files['mkdir'],
    rename: (async (from: string, to: string) => {
      await real.rename(from, to);
      this.moved('rename', from, to);
    }) as Files['rename'],
    link: (async (from: string, to: string) => {
      await real.link(from, to);
      this.moved('link', from, to);
    }) as Files['link'],
    unlink: (async (path: string) => {
      await real.unlink(path);
      this.removed(path);
    }) as Files['unlink'],
    rm: (async (path: string, options?: object) => {
      await real.rm(path, options);
      this.removed(path);
    }) as Files['rm'],
    appendFile: (async (path: string, text: string, options: WriteOptions) => {
      await real.appendFile(path, text, options);
      if (this.isBelow(path)) this.wrote(this.files.get(path) ?? this.create(path), text, options);
    }) as Files['appendFile'],
    writeFile: (async (path: string, text: string, options: WriteOptions) => {
      await real.writeFile(path, text, options);
      if (this.isBelow(path)) this.wrote(this.files.get(path) ?? this.create(path), text, options);
    }) as Files['writeFile'],
  };

  private fileHandle(handle: FileHandle, file: OpenFile): FileHandle {
    const instead: Partial<FileHandle> = {
      writeFile: async (data: string | Buffer) => {
        await handle.writeFile(data);
        this.wrote(file, data);
      },
      truncate: async (size = 0) => {
        await handle.truncate(size);
        this.cut(file, size);
      },
      datasync: async () => this.note({ kind: 'sync', file: file.number }),
      sync: async () => this.note({ kind: 'sync', file: file.number }),
    };
    return withMembers(handle, instead);
  }

  private folderHandle(handle: FileHandle, path: string): FileHandle {
    return withMembers(handle, {
      sync: async () => this.note({ kind: 'sync-folder', path: this.name(path) }),
    });
  }

  private create(path: string): OpenFile {
    const file = { number: this.next++, size: 0 };
    this.files.set(path, file);
    this.note({ kind: 'create', path: this.name(path), file: file.number });
    return file;
  }

  private wrote(file: OpenFile, text: string | Buffer, { flush = false }: WriteOptions = {}): void {
    const data = Buffer.from(text);
    this.note({ kind: 'write', file: file.number, offset: file.size, data });
    file.size += data.length;
    if (flush) this.note({ kind: 'sync', file: file.number });
  }

  private cut(file: OpenFile, size: number): void {
    file.size = size;
    this.note({ kind: 'cut', file: file.number, size });
  }

  private moved(kind: 'link' | 'rename', from: string, to: string): void {
    const file = this.files.get(from);
    if (!file) return;
    if (kind === 'rename') this.files.delete(from);
    this.files.set(to, file);
    this.note({ kind, path: this.name(from), to: this.name(to) });
  }

  private removed(path: string): void {
    if (this.files.delete(path)) this.note({ kind: 'remove', path: this.name(path) });
  }

  private note(step: DiskStep): void {
    this.steps.push(step);
  }

  private isBelow(path: string): boolean {
    return this.root !== '' && (path === this.root || path.startsWith(`${this.root}/`));
  }

  private name(path: string): string {
    return relative(this.root, path);
  }
}

interface WriteOptions {
  readonly flush?: boolean;
}

function foldersBetween(first: string, last: string): string[] {
  const folders = [first];
  for (const part of relative(first, last).split('/').filter(Boolean))
    folders.push(join(folders.at(-1) ?? first, part));
  return folders;
}

function withMembers(handle: FileHandle, instead: Partial<FileHandle>): FileHandle {
  return new Proxy(handle, {
    get(target, name) {
      const replaced: unknown = Reflect.get(instead, name);
      if (replaced !== undefined) return replaced;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** The folders whose names a step changes: it is on the disk once all of them were synced. */
export function foldersOf(step: DiskStep): readonly string[] {
  switch (step.kind) {
    case 'create':
    case 'folder':
    case 'remove':
      return [folderOf(step.path)];
    case 'link':
      return [folderOf(step.to)];
    case 'rename':
      return [folderOf(step.path), folderOf(step.to)];
    default:
      return [];
  }
}

const folderOf = (path: string): string => (dirname(path) === '.' ? '' : dirname(path));
