import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../src/compose/metrics.js';
import { createLogger } from '../../src/support/logger.js';

describe('the page of metrics', () => {
  it('shows what can be read while a server is away, and no figure from before', async () => {
    const metrics = createMetrics(createLogger('silent'));
    let isAway = false;
    metrics.gauge('calls_in_flight', 'Calls under way.', () => 7);
    metrics.gauge('outbox_dead', 'Messages.', () => (isAway ? Promise.reject(new Error('away')) : 3));
    expect(await metrics.registry.metrics()).toContain('counterfoil_outbox_dead 3');
    isAway = true;
    const page = await metrics.registry.metrics();
    expect(page).toContain('counterfoil_calls_in_flight 7');
    expect(page).toMatch(/^counterfoil_outbox_dead Na[nN]$/m);
  });
});
