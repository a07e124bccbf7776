import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Logger } from 'pino';
import type { GroupStatus, ProjectionObserver } from '../projections/runtime/status.js';
import type { ChannelReport } from '../relay/channels/health/channel-reports.js';
import type { RelayObserver } from '../relay/ports.js';
import { outboxGauges, outboxObserver } from './outbox-metrics.js';
import type { OutboxFigures } from '../reactions/outbox/outbox.js';
import type { SenderObserver } from '../reactions/outbox/sender-settings.js';

export interface Metrics {
  readonly registry: Registry;
  readonly relay: RelayObserver;
  readonly projections: ProjectionObserver;
  readonly outbox: SenderObserver;
  /** What waits in the outbox, read when somebody scrapes. */
  waiting(read: () => Promise<OutboxFigures>): void;
  /** A group of projections: 1 when it stopped for good, with what stopped it. */
  stopped(group: string, read: () => Promise<GroupStatus | undefined>): void;
  /** How the channels are doing, read when somebody scrapes. */
  channels(read: () => Promise<readonly ChannelReport[]>): void;
  /** A figure that is read when somebody scrapes; NaN while it cannot be read. */
  gauge(
    name: string,
    help: string,
    read: () => number | Promise<number>,
    /** Of several workers: their sum, or, where each sees the same, the most that one sees. */
    ofWorkers?: 'sum' | 'max',
  ): void;
  /** A figure of this process as `gauge` named it, read now; undefined where this process has none, or it cannot be read. */
  figure(name: string): Promise<number | undefined>;
}

const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Prometheus metrics and the log lines of things that should not happen. Labels are bounded: models and channels are configured, codes are a closed set. */
export function createMetrics(log: Logger): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    relay: relayObserver(registry, log),
    projections: projectionObserver(registry, log),
    outbox: outboxObserver(registry, log),
    waiting: (read) => outboxGauges(registry, log, read),
    stopped: (group, read) => stoppedGauge(registry, group, read),
    channels: (read) => channelGauges(registry, log, read),
    figure: async (name) => {
      const [read] = (await registry.getSingleMetric(`counterfoil_${name}`)?.get())?.values ?? [];
      return read === undefined || Number.isNaN(read.value) ? undefined : read.value;
    },
    gauge: (name, help, read, ofWorkers = 'sum') => {
      new Gauge({
        name: `counterfoil_${name}`,
        help,
        aggregator: ofWorkers,
        registers: [registry],
        async collect() {
          try {
            this.set(await read());
          } catch (error) {
            // Neither the whole page fails for it, nor does an old figure stay.
            this.set(NaN);
            log.warn({ metric: name, err: error }, 'a figure cannot be read');
          }
        },
      });
    },
  };
}

function relayObserver(registry: Registry, log: Logger): RelayObserver {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `counterfoil_${name}`, help, labelNames, registers });
  const calls = counter('calls_total', 'Calls by how they ended.', ['endpoint', 'status', 'code']);
  const seconds = new Histogram({
    name: 'counterfoil_call_seconds',
    help: 'How long calls took, upstream included.',
    labelNames: ['endpoint', 'streamed'],
    buckets: CALL_SECONDS,
    registers,
  });
  const charged = counter('charged_quota_total', 'Quota charged (rounded to a double).', ['model', 'basis']);
  const overshoot = counter('overshoot_quota_total', 'Quota charged above the holds.', ['channel']);
  const refused = counter('usage_refused_total', 'Usage reports that cannot be true.', ['channel']);
  const upstream = counter('upstream_failures_total', 'Failed attempts by channel.', ['channel', 'reason']);
  const upstreamSeconds = new Histogram({
    name: 'counterfoil_upstream_seconds',
    help: 'From the request to the head of the answer, by channel.',
    labelNames: ['channel'],
    buckets: CALL_SECONDS,
    registers,
  });
  return {
    callEnded({ requestId, endpoint, model, status, code, streamed, durationMs }) {
      calls.inc({ endpoint, status: String(status), code: code ?? 'none' });
      seconds.observe({ endpoint, streamed: String(streamed) }, durationMs / 1000);
      if (status >= 500 || log.isLevelEnabled('debug')) {
        const fields = {
          request_id: requestId,
          endpoint,
          model,
          status,
          code,
          duration_ms: Math.round(durationMs),
        };
        log[status >= 500 ? 'warn' : 'debug'](fields, 'call');
      }
    },
    charged({ model, basis, quota, overshoot_quota, channel_id }) {
      charged.inc({ model, basis }, Number(quota));
      if (overshoot_quota > 0n) overshoot.inc({ channel: channel_id }, Number(overshoot_quota));
    },
    usageRefused({ requestId, channelId, detail }) {
      refused.inc({ channel: channelId });
      log.warn(
        { request_id: requestId, channel: channelId, detail },
        'upstream reported a usage that cannot be true',
      );
    },
    upstreamAnswered({ channelId, durationMs }) {
      upstreamSeconds.observe({ channel: channelId }, durationMs / 1000);
    },
    upstreamFailed({ channelId, reason }) {
      upstream.inc({ channel: channelId, reason });
      log.debug({ channel: channelId, reason }, 'an upstream attempt failed');
    },
    fault: (where, error) =>
      log.error({ part: 'relay', where, err: error }, 'something unexpected happened in the relay'),
  };
}

function channelGauges(registry: Registry, log: Logger, read: () => Promise<readonly ChannelReport[]>): void {
  const registers = [registry];
  const averages = new Gauge({
    name: 'counterfoil_channel_response_seconds',
    help: 'How fast a channel answers, over all processes; the latest answers count most.',
    labelNames: ['channel'],
    registers,
    // Over all processes already.
    aggregator: 'max',
    async collect() {
      for (const each of [averages, cooling, running, balances]) each.reset();
      try {
        for (const { channelId, times, failing, running: calls, balance } of await read()) {
          if (balance) balances.set({ channel: channelId, currency: balance.currency }, balance.amount);
          running.set({ channel: channelId }, calls);
          if (times) averages.set({ channel: channelId }, times.averageMs / 1000);
          for (const { target, backInMs } of failing)
            if (backInMs !== undefined) cooling.set({ channel: channelId, target }, backInMs / 1000);
        }
      } catch (error) {
        log.warn({ err: error }, 'the state of the channels cannot be read');
      }
    },
  });
  const running = new Gauge({
    name: 'counterfoil_channel_calls',
    help: 'Calls that run, over all processes.',
    labelNames: ['channel'],
    registers,
    aggregator: 'max',
  });
  const balances = new Gauge({
    name: 'counterfoil_channel_balance',
    help: 'What is left with the provider, as it last said, in its own currency.',
    labelNames: ['channel', 'currency'],
    registers,
    aggregator: 'max',
  });
  const cooling = new Gauge({
    name: 'counterfoil_channel_cooldown_seconds',
    help: 'What is left of cooldowns; 0: it is over, and one call may try.',
    labelNames: ['channel', 'target'],
    registers,
    aggregator: 'max',
  });
}

function stoppedGauge(registry: Registry, group: string, read: () => Promise<GroupStatus | undefined>): void {
  new Gauge({
    name: `counterfoil_${group}_stopped`,
    help: '1 when the projections stopped for good; with the event that stopped them, where it was one.',
    labelNames: ['event', 'stream', 'position'],
    registers: [registry],
    async collect() {
      const status = await read();
      this.reset();
      const poison = status?.poison;
      const labels = poison && {
        event: poison.type,
        stream: poison.stream,
        position: poison.position.toString(),
      };
      this.set(labels ?? {}, status?.state === 'stopped' ? 1 : 0);
    },
  });
}

function projectionObserver(registry: Registry, log: Logger): ProjectionObserver {
  const registers = [registry];
  const events = new Counter({
    name: 'counterfoil_projected_events_total',
    help: 'Events applied to the read models.',
    labelNames: ['group'],
    registers,
  });
  const seconds = new Histogram({
    name: 'counterfoil_projection_batch_seconds',
    help: 'How long batches took.',
    labelNames: ['group'],
    registers,
  });
  const quarantined = new Counter({
    name: 'counterfoil_quarantined_events_total',
    help: 'Unreadable events that statistics went past.',
    labelNames: ['group'],
    registers,
  });
  return {
    batchApplied({ group, events: count, durationMs }) {
      events.inc({ group }, count);
      seconds.observe({ group }, durationMs / 1000);
    },
    stopped: (group, error) =>
      log.fatal({ group, err: error }, 'a projection group stopped: its read models do not move any more'),
    quarantined(group, poison) {
      quarantined.inc({ group });
      log.error({ group, poison }, 'an unreadable event was quarantined');
    },
    faulted: (group, error) => log.warn({ group, err: error }, 'a projection step failed; it is tried again'),
    rebuilding: ({ projection, position, head }) =>
      log.info({ projection, position: position.toString(), head: head.toString() }, 'rebuilding'),
  };
}
