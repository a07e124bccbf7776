import { Counter, Histogram } from 'prom-client';
import type { OrderCommands } from '../commands/order/commands.js';
import { checked } from '../commands/handling/command.js';
import { countOpenFlags, countUncredited } from '../projections/order/work.js';
import type { Queryable } from '../projections/runtime/projection.js';
import type { Verdict } from '../reactions/payments/inbox.js';
import type { Metrics } from './metrics.js';

const SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 3_600, 86_400];

/** What must be 0 or is looked into: money that was seen and not credited, and money that waits for somebody. */
export function paymentMetrics(metrics: Metrics, db: Queryable) {
  metrics.gauge('orders_paid_uncredited', 'Orders whose money was seen and is not credited.', () =>
    countUncredited(db),
  );
  metrics.gauge('order_flags_open', 'Payments that fit no order, and which nobody has settled.', () =>
    countOpenFlags(db),
  );
  const notifications = new Counter({
    name: 'counterfoil_payment_notifications_total',
    help: 'Notifications of payment providers, by what became of them.',
    labelNames: ['provider', 'verdict'],
    registers: [metrics.registry],
  });
  const seconds = new Histogram({
    name: 'counterfoil_order_credit_seconds',
    help: 'From a payment, as its provider says, to its credit.',
    labelNames: ['provider'],
    buckets: SECONDS,
    registers: [metrics.registry],
  });
  return {
    onVerdict: (provider: string, verdict: Verdict) => notifications.inc({ provider, verdict }),
    /** The same commands, timed. */
    timed: <Timed extends OrderCommands>(commands: Timed, now: () => Date): Timed => ({
      ...commands,
      applySighting: checked(async (seen, meta) => {
        const result = await commands.applySighting(seen, meta);
        if (result.ok && result.value.isCredited && !result.replayed)
          seconds.observe(
            { provider: seen.providerId },
            (now().getTime() - seen.sighting.at.getTime()) / 1000,
          );
        return result;
      }),
    }),
  };
}
