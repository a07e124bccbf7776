import { Counter, Gauge, type Registry } from 'prom-client';
import type { Logger } from 'pino';
import type { OutboxFigures } from '../reactions/outbox/outbox.js';
import type { SenderObserver } from '../reactions/outbox/sender-settings.js';

/** Counts what this process sends, and logs what cannot be. Labels are bounded: receivers are in the code. */
export function outboxObserver(registry: Registry, log: Logger): SenderObserver {
  const attempts = new Counter({
    name: 'counterfoil_outbox_attempts_total',
    help: 'Messages handed to their receivers, by how that ended.',
    labelNames: ['receiver', 'outcome'],
    registers: [registry],
  });
  return {
    attempted({ id, receiver, kind, attempts: count }, outcome, reason) {
      attempts.inc({ receiver, outcome });
      const fields = { message_id: id, receiver, kind, attempts: count, reason };
      if (outcome === 'dead') log.error(fields, 'a message could not be delivered and is not tried again');
      else if (outcome === 'failed') log.warn(fields, 'a message could not be delivered; it is tried again');
    },
    faulted: (error) =>
      log.warn({ part: 'outbox', err: error }, 'the outbox cannot be reached; it is tried again'),
  };
}

/** What waits, over all processes, read when somebody scrapes. */
export function outboxGauges(registry: Registry, log: Logger, read: () => Promise<OutboxFigures>): void {
  const gauge = (name: string, help: string) =>
    new Gauge({
      name: `counterfoil_outbox_${name}`,
      help: `${help}, over all processes.`,
      labelNames: ['receiver'],
      registers: [registry],
    });
  const scheduled = gauge('scheduled', 'Messages that are not due yet');
  const dead = gauge('dead', 'Messages that could not be delivered: see counterfoil outbox');
  const oldest = gauge('oldest_seconds', 'Since when the oldest undelivered message has been due');
  const waiting = new Gauge({
    name: 'counterfoil_outbox_waiting',
    help: 'Messages that are due and not delivered, over all processes.',
    labelNames: ['receiver'],
    registers: [registry],
    async collect() {
      for (const each of [waiting, scheduled, dead, oldest]) each.reset();
      try {
        for (const { receiver, ...figures } of (await read()).receivers) {
          waiting.set({ receiver }, figures.waiting);
          scheduled.set({ receiver }, figures.scheduled);
          dead.set({ receiver }, figures.dead);
          oldest.set({ receiver }, figures.oldestSeconds);
        }
      } catch (error) {
        log.warn({ err: error }, 'what waits in the outbox cannot be read');
      }
    },
  });
}
