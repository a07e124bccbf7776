import { loadavg } from 'node:os';
import { cpuSeconds } from '../support/processor.js';

/** One way of doing something, a turn of it a round. */
export interface Subject {
  readonly name: string;
  /** Does it once. Throws where the books are wrong afterwards. */
  turn(): Promise<Turn>;
}

export interface Turn {
  /** How often it was done. */
  readonly count: number;
  readonly seconds: number;
}

export interface Sample {
  readonly perSecond: number;
  /** Microseconds of processor for one of it, in this process and in the servers. */
  readonly cpuMicros: number;
  readonly serverCpuMicros: number;
}

export interface Row {
  readonly name: string;
  readonly samples: readonly Sample[];
  /** Load averages at the first and after the last turn. */
  readonly load: readonly [number, number];
}

/** Within a round every subject has its turn, so that what else the machine does strikes them alike. @param servers process ids */
export async function contest(
  rounds: number,
  subjects: readonly Subject[],
  servers: readonly number[],
): Promise<readonly Row[]> {
  const before = loadavg()[0] ?? 0;
  const samples = new Map<Subject, Sample[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++)
    for (const [subject, found] of samples) found.push(await sampleOf(subject, servers));
  const load = [before, loadavg()[0] ?? 0] as const;
  return [...samples].map(([{ name }, found]) => ({ name, samples: found, load }));
}

async function sampleOf(subject: Subject, servers: readonly number[]): Promise<Sample> {
  const here = process.cpuUsage();
  const there = cpuSeconds(servers);
  const { count, seconds } = await subject.turn();
  const { user, system } = process.cpuUsage(here);
  return {
    perSecond: count / seconds,
    cpuMicros: (user + system) / count,
    serverCpuMicros: ((cpuSeconds(servers) - there) * 1e6) / count,
  };
}

/** Seconds that something takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1_000;
}

/** As many callers as asked for do the same again and again for so long. Answers how often all of them did it. */
export async function repeatedly(callers: number, seconds: number, once: () => Promise<void>): Promise<Turn> {
  const startedMs = performance.now();
  let count = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - startedMs < seconds * 1_000) {
      await once();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { count, seconds: (performance.now() - startedMs) / 1_000 };
}
