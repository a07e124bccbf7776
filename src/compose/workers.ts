import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from 'prom-client';
import type { FellowWorkers } from '../support/fellow-workers.js';
import { type HealthCheck, readiness } from './health.js';
import type { Metrics } from './metrics.js';

/** What is answered to whoever scrapes. */
export interface MetricsPage {
  readonly contentType: string;
  readonly read: () => Promise<string>;
}

type WorkerFigures = readonly MetricObjectWithValues<MetricValue<string>>[];

/** The figures of a process, or of all workers together, whichever of them is asked. */
export function figuresOf({ registry }: Metrics, fellows: FellowWorkers | undefined): MetricsPage {
  const { contentType } = registry;
  if (!fellows) return { contentType, read: () => registry.metrics() };
  fellows.answer('metrics', async () => JSON.stringify(await registry.getMetricsAsJSON()));
  const read = async () => {
    const answers = await fellows.ask('metrics');
    const figures = answers.flatMap((answer) =>
      answer === null ? [] : [JSON.parse(answer) as WorkerFigures],
    );
    return AggregatorRegistry.aggregate(figures).metrics();
  };
  return { contentType, read };
}

/** A worker is ready when all are: whoever asks does not know which of them a call will reach. */
export function withFellows(checks: readonly HealthCheck[], fellows: FellowWorkers): readonly HealthCheck[] {
  fellows.answer('readiness', async () => {
    const { parts } = await readiness(checks);
    const [fault] = Object.entries(parts).filter(([, { ready }]) => !ready);
    return fault ? `${fault[0]}: ${fault[1].reason}` : '';
  });
  const ask = async () => {
    const answers = await fellows.ask('readiness');
    const faults = answers.filter((answer) => answer !== '');
    if (faults.length === 0) return undefined;
    const reason = faults.find((fault) => fault !== null) ?? 'it does not answer, or is being started';
    return `${faults.length} of ${answers.length}, the first: ${reason}`;
  };
  return [...checks, { part: 'workers', ask }];
}
