import { upstreamTypes } from '../relay/upstreams/all.js';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Commands } from '../commands/commands.js';
import { createUsageWriter } from '../commands/usage/record-usage.js';
import { callIdInLane } from '../domain/usage/call-id.js';
import { nextWriterLane } from '../stores/numeric-ids.js';
import { readChannelReports } from '../relay/channels/health/channel-reports.js';
import type { ChannelState } from '../relay/channels/state/channel-state.js';
import { defaultRelaySettings, type RelaySettings } from '../relay/ports.js';
import { createRelay, type Relay } from '../relay/relay.js';
import { DurableSettlement } from '../relay/settlement/durable-settlement.js';
import { Spool } from '../relay/settlement/spool/spool.js';
import { startSweeper } from '../relay/sweeper/sweeper.js';
import type { Config } from '../config.js';
import { openCallLimits } from './call-limits.js';
import { keyDisabler, secretOpener } from './channels.js';
import type { HealthCheck } from './health.js';
import type { Ledger } from './ledger.js';
import type { Metrics } from './metrics.js';
import { defaultSettings } from './settings.js';
import type { Holding } from './write-side.js';

/** A charge that the log has not confirmed by then goes to the spool; by the second the log has surely said yes or no. */
const CHARGE_WITHIN_MS = 5_000;
const RESOLVE_WITHIN_MS = 20_000;
const MAX_PENDING = 20_000;
const MAX_FAILED_CALLS = 1_000;
const MAX_SPOOL_BYTES = 256 * 1024 * 1024;
const LEASE_MS = 15_000;

export interface RunningRelay {
  readonly relay: Relay;
  readonly check: HealthCheck;
}

/** Spool and sweeper first, so that what an earlier process left is on its way before the first call comes. */
export async function openRelay(
  ledger: Ledger,
  holding: Holding,
  commands: Pick<Commands, 'setChannelKeyEnabled'>,
  channelState: ChannelState,
  metrics: Metrics,
): Promise<RunningRelay> {
  const { config, log, shutdown, database, store, cache, keyring, readModels } = ledger;
  const now = Date.now;
  const writer = createUsageWriter({
    store,
    now,
    resolveWithinMs: RESOLVE_WITHIN_MS,
    maxPending: MAX_PENDING,
  });
  const lane = await nextWriterLane(database.pool);
  const spool = await Spool.open({
    folder: join(config.dataDir, 'spool'),
    owner: { host: hostname(), pid: process.pid, instance: randomUUID() },
    maxBytes: MAX_SPOOL_BYTES,
    now,
  });
  const settlement = new DurableSettlement({
    store,
    now,
    log,
    writer,
    spool,
    balance: cache,
    chargeWithinMs: CHARGE_WITHIN_MS,
    maxFailedCalls: MAX_FAILED_CALLS,
  });
  shutdown.add('settlement', () => settlement.close(), RESOLVE_WITHIN_MS);
  await settlement.start();
  const sweeper = startSweeper({
    balance: cache,
    store,
    writer,
    log,
    leaseMs: LEASE_MS,
    loadBudgets: (budgets) => holding.loader.load(budgets),
    isOurs: (callId) => settlement.owns(callId),
  });
  shutdown.add('sweeper', () => sweeper.stop());
  metrics.channels(() => readChannelReports(channelState));
  const relay = createRelay({
    balance: cache,
    loadBudgets: (budgets) => holding.loader.load(budgets),
    readModels,
    settlement,
    holds: holding.holds,
    limits: openCallLimits(ledger),
    hashKey: (accessKey) => keyring.hashAccessKey(accessKey),
    openSecret: secretOpener(ledger),
    upstreamTypes,
    channelState,
    disableKey: keyDisabler(commands, ledger),
    observer: metrics.relay,
    now,
    newCallId: () => callIdInLane(lane, randomUUID()),
    draw: Math.random,
    settings: relaySettings(config),
  });
  await relay.start();
  shutdown.add('upstream connections', () => relay.close());
  metrics.gauge('calls_in_flight', 'Calls under way.', () => relay.inFlight);
  metrics.gauge('open_holds', 'Holds this process keeps alive.', () => holding.holds.count);
  metrics.gauge('usage_pending', 'Ended calls that wait for the log.', () => writer.pending);
  metrics.gauge('spooled_charges', 'Charges in the spool.', () => settlement.stats.spooledCharges);
  metrics.gauge(
    'failed_calls_dropped',
    'Failed calls that were not recorded.',
    () => settlement.stats.failedCallsDropped,
  );
  metrics.gauge('swept_holds', 'Holds of dead processes that were resolved here.', () => sweeper.resolved);
  metrics.gauge('unresolvable_holds', 'Holds that nobody can resolve.', () => sweeper.unresolvable);
  return { relay, check: { part: 'settlement', ask: () => Promise.resolve(settlement.notAccepting) } };
}

function relaySettings(config: Config): RelaySettings {
  return {
    ...defaultRelaySettings,
    defaults: defaultSettings(config),
    maxRequestBytes: config.relayBodyLimitBytes,
    maxUploadBytes: config.relayUploadLimitBytes,
    uploadDirectory: join(config.dataDir, 'uploads'),
    firstByteTimeoutMs: config.upstreamFirstByteTimeoutMs,
    tokenCountTimeoutMs: config.upstreamTokenCountTimeoutMs,
    idleTimeoutMs: config.upstreamIdleTimeoutMs,
  };
}
