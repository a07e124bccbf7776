import { randomUUID } from 'node:crypto';
import type { Consumption } from '../../src/relay/settlement/settlement.js';
import { anEvent } from './events.js';

/** The charge (27 quota) of a call that started just now. */
export function aConsumption(overrides: Partial<Consumption> = {}): Consumption {
  return anEvent('consumption-recorded', {
    call_id: randomUUID(),
    started_at: new Date().toISOString(),
    ...overrides,
  }).data;
}
