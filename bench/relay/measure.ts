import type { Child } from '../support/child.js';
import { cpuByProcess } from '../support/processor.js';
import type { LoadOrder, LoadReport } from './load.js';
import type { Subject } from './subjects/subject.js';
import { requestBody, type Traffic } from './traffic.js';

export interface Measurement {
  /** Microseconds of the measured process a call. */
  readonly cpuMicros: number;
  /** Microseconds of what it leans on. */
  readonly helperCpuMicros: number;
  /** The latter, by what it was for. */
  readonly parts: ReadonlyMap<string, number>;
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly completed: number;
  /** Charges made so far, after it; undefined where nobody is charged. */
  readonly charges: number | undefined;
}

/** Until it is so late, or so many calls were begun. */
export interface Order {
  readonly traffic: Traffic;
  readonly connections: number;
  readonly seconds: number;
  readonly calls?: number;
}

/** What the bench asks of a database is nobody's cost. */
export const BENCH = 'bench';

/**
 * One round of one subject, until all that it made others do is done: read models that follow later are part of a call's cost.
 * Throws when a single call failed: what fails fast must not count as fast.
 */
export async function measure(load: Child, subject: Subject, order: Order): Promise<Measurement> {
  const { url, path, headers, accessKeys = [], urls = [url] } = subject;
  const { traffic, ...limits } = order;
  const body = requestBody(traffic).toString('base64');
  const before = { own: cpuByProcess(subject.pids), helpers: cpuByProcess(subject.helpers) };
  const question: LoadOrder = { urls, path, headers, accessKeys, body, ...limits };
  const { report } = await load.ask<{ report: LoadReport }>(question);
  if (report.failed > 0 || report.completed === 0) {
    throw new Error(
      `${subject.name}: ${report.failed} calls failed, the first with ${report.firstFailure ?? '?'}`,
    );
  }
  const charges = await subject.charges?.();
  const own = [...spent(before.own, cpuByProcess(subject.pids)).values()];
  const helpers = spent(before.helpers, cpuByProcess(subject.helpers));
  const names = await subject.names?.();
  const parts = new Map<string, number>();
  for (const [pid, seconds] of helpers) {
    const name = names?.get(pid) ?? 'other';
    if (name !== BENCH) parts.set(name, (parts.get(name) ?? 0) + (seconds * 1e6) / report.completed);
  }
  const sumOf = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);
  const cpuMicros = (sumOf(own) * 1e6) / report.completed;
  const helperCpuMicros = sumOf(parts.values());
  return {
    cpuMicros,
    helperCpuMicros,
    parts,
    callsPerSecond: report.completed / report.seconds,
    p50Ms: report.p50Ms,
    p99Ms: report.p99Ms,
    completed: report.completed,
    charges,
  };
}

/** What each process used in between. Of one that has ended the one that started it knows all, so that what it had used before is taken off. */
function spent(
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const pids = new Set([...before.keys(), ...after.keys()]);
  return new Map([...pids].map((pid) => [pid, (after.get(pid) ?? 0) - (before.get(pid) ?? 0)]));
}
