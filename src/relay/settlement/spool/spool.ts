import { readdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeenLog } from '../../../eventstore/applied-event.js';
import { makeFolder, renameDurably } from '../../../support/durable-folder.js';
import type { Consumption } from '../settlement.js';
import { encodeLine } from './line.js';
import { formatFileName, isLeftBehind, isProcessAlive, parseFileName, type SpoolOwner } from './owner.js';
import { encodeOrigin, isSameLog, readOrigin, type SpoolOrigin } from './origin.js';
import { putAside, SET_ASIDE } from './put-aside.js';
import { SpoolSegment } from './segment.js';

const MAX_SEGMENT_BYTES = 4 * 1024 * 1024;

export interface SpoolOptions {
  readonly folder: string;
  readonly owner: SpoolOwner;
  /** The log that charges are meant for: files that are meant for another one are set aside, never drained, never deleted. */
  readonly origin: SpoolOrigin;
  /** The log that it is a whole copy of: what was meant for that one is meant for this one. */
  readonly former?: SpoolOrigin | undefined;
  /** What is known of that log. */
  readonly seen?: () => SeenLog;
  /** Told of each file that was set aside, with its new path. */
  readonly onSetAside?: (path: string) => void;
  /** Beyond it the spool is full: no new call should be begun. Charges of calls under way are taken up to twice this. */
  readonly maxBytes: number;
  readonly now: () => number;
  readonly isAlive?: (pid: number) => boolean;
}

/** Charges on this machine's disk while the event store is away. One folder may serve several processes. */
export class Spool {
  private readonly closed = new Map<string, number>();
  private current: SpoolSegment | undefined;
  private opening: Promise<SpoolSegment> | undefined;
  private sequence = 0;
  private failed = false;

  private constructor(private readonly options: SpoolOptions) {}

  /** @throws when the folder cannot be written to */
  static async open(options: SpoolOptions): Promise<Spool> {
    await makeFolder(options.folder);
    const spool = new Spool(options);
    await spool.probe();
    return spool;
  }

  get bytes(): number {
    let bytes = this.current?.bytes ?? 0;
    for (const size of this.closed.values()) bytes += size;
    return bytes;
  }

  /** The disk does not take charges, or the spool holds as much as it may. */
  get full(): boolean {
    return this.failed || this.bytes >= this.options.maxBytes;
  }

  /** Resolves when the charge is on disk, with where to look for it in its stream. Rejects when the disk refuses twice, or far beyond the limit. */
  async append(consumption: Consumption, after?: bigint): Promise<void> {
    if (this.bytes >= 2 * this.options.maxBytes) throw new Error('the spool is full');
    const line = encodeLine(consumption, after);
    try {
      await (await this.segment()).append(line);
    } catch {
      try {
        await (await this.segment()).append(line);
      } catch (error) {
        this.failed = true;
        throw error;
      }
    }
  }

  /** Closes the file in use and claims what dead processes left; answers the paths that are ours to drain, oldest first. */
  async takeAll(): Promise<readonly string[]> {
    await this.setAside();
    for (const name of await readdir(this.options.folder)) await this.claim(name);
    return [...this.closed.keys()];
  }

  /** What was known of the log of this spool when the youngest file in the folder was begun. */
  async newestSeen(): Promise<SeenLog> {
    let newest: SeenLog = {};
    for (const name of await readdir(this.options.folder)) {
      if (!parseFileName(name)) continue;
      const origin = await readOrigin(join(this.options.folder, name)).catch(() => undefined);
      if (origin?.position === undefined || !isSameLog(origin, this.options.origin)) continue;
      if (newest.position === undefined || origin.position > newest.position) newest = origin;
    }
    return newest;
  }

  /** Files that wait for a person. */
  async countSetAside(): Promise<number> {
    return (await readdir(join(this.options.folder, SET_ASIDE)).catch(() => [])).length;
  }

  /** The file was drained and removed. */
  forget(path: string): void {
    this.closed.delete(path);
  }

  /** Tells other processes that this one lives, and tries a disk that failed again. */
  async tick(): Promise<void> {
    const at = this.options.now() / 1000;
    const paths = [...this.closed.keys(), ...(this.current ? [this.current.path] : [])];
    for (const path of paths) await utimes(path, at, at).catch(() => undefined);
    if (this.failed) await this.probe().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.setAside();
  }

  private nextPath(): string {
    this.sequence += 1;
    return join(this.options.folder, formatFileName({ ...this.options.owner, sequence: this.sequence }));
  }

  private async segment(): Promise<SpoolSegment> {
    if (this.current && (this.current.broken || this.current.bytes > MAX_SEGMENT_BYTES))
      await this.setAside();
    if (this.current) return this.current;
    const { origin, seen } = this.options;
    this.opening ??= SpoolSegment.create(this.nextPath(), encodeOrigin(origin, seen?.())).finally(
      () => (this.opening = undefined),
    );
    const opened = await this.opening;
    return (this.current ??= opened);
  }

  private async setAside(): Promise<void> {
    const segment = this.current;
    if (!segment) return;
    this.current = undefined;
    await segment.close().finally(() => this.closed.set(segment.path, segment.bytes));
  }

  private async claim(name: string): Promise<void> {
    const file = parseFileName(name);
    const { folder, owner, now, isAlive = isProcessAlive } = this.options;
    if (!file) return;
    const path = join(folder, name);
    try {
      const { mtimeMs, size } = await stat(path);
      if (!isLeftBehind(file, owner, now() - mtimeMs, isAlive)) return;
      const origin = await readOrigin(path);
      if (origin && !this.isMeantForUs(origin)) return await this.putAside(name);
      const ours = this.nextPath();
      // Freshly touched under either name, so that nobody claims it from us.
      await utimes(path, now() / 1000, now() / 1000);
      await renameDurably(path, ours);
      this.closed.set(ours, size);
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  private isMeantForUs(file: SpoolOrigin): boolean {
    const { origin, former } = this.options;
    return isSameLog(file, origin) || (former !== undefined && isSameLog(file, former));
  }

  private async putAside(name: string): Promise<void> {
    const { folder, onSetAside } = this.options;
    const place = await putAside(folder, name);
    onSetAside?.(place);
  }

  private async probe(): Promise<void> {
    const probe = await SpoolSegment.create(this.nextPath(), '\n');
    try {
      await probe.append('\n');
    } finally {
      // Asked once a second while the disk is full: nothing of it may stay, neither a file nor what it was opened with.
      try {
        await probe.close();
      } finally {
        await unlink(probe.path);
      }
    }
    this.failed = false;
  }
}
