/** Which process a spool file belongs to; it stands in the file's name. */
export interface SpoolOwner {
  readonly host: string;
  readonly pid: number;
  /** A new one for each start of the process. */
  readonly instance: string;
}

export interface SpoolFileName extends SpoolOwner {
  readonly sequence: number;
}

/** An owner whose files were not touched for this long is dead, wherever it ran. */
const DEAD_AFTER_MS = 15_000;

const FILE_NAME = /^([A-Za-z0-9_-]*)\.(\d+)\.([0-9a-f-]{36})\.(\d+)\.spool$/;

export function formatFileName({ host, pid, instance, sequence }: SpoolFileName): string {
  return `${host.replace(/[^A-Za-z0-9_-]/g, '_')}.${pid}.${instance}.${sequence}.spool`;
}

/** Undefined for a file that is not of a spool. */
export function parseFileName(name: string): SpoolFileName | undefined {
  const match = FILE_NAME.exec(name);
  if (!match) return undefined;
  const [, host = '', pid, instance = '', sequence] = match;
  return { host, pid: Number(pid), instance, sequence: Number(sequence) };
}

/** Whether the file was left behind: its process is gone from this host, or nobody has touched the file for a while. */
export function isLeftBehind(
  file: SpoolFileName,
  us: SpoolOwner,
  touchedAgoMs: number,
  isAlive: (pid: number) => boolean,
): boolean {
  if (file.instance === us.instance) return false;
  if (touchedAgoMs > DEAD_AFTER_MS) return true;
  const sameHost = file.host === us.host.replace(/[^A-Za-z0-9_-]/g, '_');
  // Our own number under another instance: a process that ended before us (in a container everybody is number 1).
  return sameHost && (file.pid === us.pid || !isAlive(file.pid));
}

/** Whether this host has such a process. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
