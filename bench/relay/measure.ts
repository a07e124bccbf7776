import type { Child } from '../support/child.js';
import { cpuSeconds } from '../support/processor.js';
import type { LoadOrder, LoadReport } from './load.js';
import type { Subject } from './subjects/subject.js';
import { requestBody, type Traffic } from './traffic.js';

export interface Measurement {
  /** Microseconds of the measured process a call. */
  readonly cpuMicros: number;
  /** Microseconds of what it leans on. */
  readonly helperCpuMicros: number;
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly completed: number;
}

/** One round of one subject. Throws when a single call failed: what fails fast must not count as fast. */
export async function measure(
  load: Child,
  subject: Subject,
  order: { readonly traffic: Traffic; readonly connections: number; readonly seconds: number },
): Promise<Measurement> {
  const { url, path, headers, accessKeys = [], urls = [url] } = subject;
  const { connections, seconds, traffic } = order;
  const body = requestBody(traffic).toString('base64');
  const before = { own: cpuSeconds(subject.pids), helpers: cpuSeconds(subject.helpers) };
  const question: LoadOrder = { urls, path, headers, accessKeys, body, connections, seconds };
  const { report } = await load.ask<{ report: LoadReport }>(question);
  const after = { own: cpuSeconds(subject.pids), helpers: cpuSeconds(subject.helpers) };
  if (report.failed > 0 || report.completed === 0) {
    throw new Error(
      `${subject.name}: ${report.failed} calls failed, the first with ${report.firstFailure ?? '?'}`,
    );
  }
  const micros = (seconds: number) => (seconds * 1e6) / report.completed;
  return {
    cpuMicros: micros(after.own - before.own),
    helperCpuMicros: micros(after.helpers - before.helpers),
    callsPerSecond: report.completed / report.seconds,
    p50Ms: report.p50Ms,
    p99Ms: report.p99Ms,
    completed: report.completed,
  };
}
