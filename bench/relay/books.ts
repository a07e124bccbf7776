import type { Child } from '../support/child.js';
import { measure, type Measurement, type Order } from './measure.js';
import type { Subject } from './subjects/subject.js';

/** A measurement after which the books must agree: what upstream has served is what was answered and, where it is charged, what was charged. */
export async function counted(
  { load, upstream }: { readonly load: Child; readonly upstream: Child },
  subject: Subject,
  order: Order,
): Promise<Measurement> {
  const servedBefore = await servedBy(upstream);
  const chargedBefore = (await subject.charges?.()) ?? 0;
  const measurement = await measure(load, subject, order);
  const served = (await servedBy(upstream)) - servedBefore;
  if (served !== measurement.completed) {
    throw new Error(`${subject.name}: ${measurement.completed} answers, but upstream served ${served}`);
  }
  const charged = measurement.charges === undefined ? undefined : measurement.charges - chargedBefore;
  if (charged !== undefined && charged !== served) {
    throw new Error(`${subject.name}: ${served} calls served and ${charged} charged`);
  }
  return measurement;
}

async function servedBy(upstream: Child): Promise<number> {
  const { served } = await upstream.ask<{ served: Record<string, number> }>({ ask: 'served' });
  return Object.values(served).reduce((sum, count) => sum + count, 0);
}
