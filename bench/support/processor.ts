import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK']).toString());

/**
 * CPU seconds that each of these processes and of their descendants has used, by its id: what its threads ran by the scheduler's own
 * count, in nanoseconds, and its children that have ended, in ticks. Linux only.
 */
export function cpuByProcess(roots: readonly number[]): ReadonlyMap<number, number> {
  return new Map(
    familiesOf(roots).map(({ pid, fields }) => {
      // cutime and cstime: fields 16 and 17 of proc(5).
      const [user, system] = fields.slice(13, 15).map(Number) as [number, number];
      return [pid, scheduledSeconds(pid) + (user + system) / TICKS_PER_SECOND];
    }),
  );
}

/** CPU seconds of all of them together. */
export function cpuSeconds(roots: readonly number[]): number {
  return [...cpuByProcess(roots).values()].reduce((sum, seconds) => sum + seconds, 0);
}

/** 0 when the process has ended in between. */
function scheduledSeconds(pid: number): number {
  const folder = `/proc/${pid}/task`;
  try {
    let nanoseconds = 0;
    for (const thread of readdirSync(folder))
      nanoseconds += Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ', 1)[0]);
    return nanoseconds / 1e9;
  } catch {
    return 0;
  }
}

/** Resident memory of these processes and their descendants, MiB; of what several share, each counts its part. */
export function residentMiB(roots: readonly number[]): number {
  const kibibytes = familiesOf(roots).map(({ pid }) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]);
  });
  return Math.round(kibibytes.reduce((sum, size) => sum + size, 0) / 1024);
}

/** Ties processes, their threads and descendants to one core. */
export function pin(roots: readonly number[], core: number): void {
  for (const { pid } of familiesOf(roots)) execFileSync('taskset', ['-acp', String(core), String(pid)]);
}

interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** What follows the name in /proc/<pid>/stat, from its third field on. */
  readonly fields: readonly string[];
}

function familiesOf(roots: readonly number[]): readonly RunningProcess[] {
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => readProcess(Number(entry)) ?? []);
  const found = all.filter(({ pid }) => roots.includes(pid));
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

/** Undefined when it has ended in between. */
function readProcess(pid: number): RunningProcess | undefined {
  try {
    // The name may hold spaces and parentheses; nothing after its last parenthesis does.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(fields[1]), fields };
  } catch {
    return undefined;
  }
}
