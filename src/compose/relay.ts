import type { UpstreamTypes } from '../relay/upstreams/all.js';
import { join } from 'node:path';
import { trustedReads } from '../commands/ledger/tables-guard.js';
import { createKeptThings } from '../stores/kept-things.js';
import { readChannelReports } from '../relay/channels/health/channel-reports.js';
import type { ChannelState } from '../relay/channels/state/channel-state.js';
import type { CachedBalance } from '../balance/cached-balance.js';
import type { HoldLeases } from '../relay/holds/hold-leases.js';
import { defaultRelaySettings, type RelayDependencies, type RelaySettings } from '../relay/ports.js';
import { createRelay, type Relay } from '../relay/relay.js';
import type { Config } from '../config.js';
import { openCallIds } from './call-ids.js';
import { allowHoldLeases } from './hold-leases.js';
import { openCallLimits } from './call-limits.js';
import { keyDisabler, reachSettings, secretOpener } from './channels.js';
import type { Process } from './process.js';
import { openSettlement } from './settlement.js';
import { defaultSettings } from './settings.js';
import type { WriteSide } from './write-side.js';

interface RelayParts extends Process, WriteSide {
  readonly channelState: ChannelState;
  readonly upstreamTypes: UpstreamTypes;
}

/** The relay, once its settlement is under way. */
export async function openRelay(parts: RelayParts): Promise<Relay> {
  const { cache, channelState, commands, config, database, holds, keyring, loader } = parts;
  const { metrics, readModels, shutdown, tables, upstreamTypes } = parts;
  const { leases } = parts;
  const newCallId = await openCallIds(parts);
  if (leases) await allowHoldLeases(leases, parts);
  const settlement = await openSettlement(parts);
  const relay = createRelay({
    balance: leases ? holdingWith(leases, cache) : cache,
    loadBudgets: (budgets) => loader.load(budgets),
    readModels,
    wallets: trustedReads(readModels, tables),
    settlement,
    holds: leases ?? holds,
    limits: openCallLimits(parts),
    kept: createKeptThings(database.pool),
    hashKey: (accessKey) => keyring.hashAccessKey(accessKey),
    openSecret: secretOpener(parts),
    upstreamTypes,
    channelState,
    disableKey: keyDisabler(commands, parts),
    observer: metrics.relay,
    now: Date.now,
    newCallId,
    draw: Math.random,
    settings: relaySettings(config),
  });
  await relay.start();
  shutdown.add('upstream connections', () => relay.close());
  metrics.channels(() => readChannelReports(channelState));
  metrics.gauge('calls_in_flight', 'Calls under way.', () => relay.inFlight);
  metrics.gauge('body_bytes', 'Bytes of request bodies that calls under way hold.', () => relay.bodyBytes);
  metrics.gauge('open_holds', 'Holds this process keeps alive.', () => holds.count);
  return relay;
}

const holdingWith = (
  leases: HoldLeases,
  cache: Pick<CachedBalance, 'checkGuards'>,
): RelayDependencies['balance'] => ({
  hold: (request) => leases.hold(request),
  release: (holdIds) => leases.release(holdIds),
  checkGuards: (guards) => cache.checkGuards(guards),
});

function relaySettings(config: Config): RelaySettings {
  return {
    ...defaultRelaySettings,
    defaults: defaultSettings(config),
    abortCharge: config.abortCharge,
    maxRequestBytes: config.relayBodyLimitBytes,
    bodyBudgetBytes: Math.max(config.relayBodyBudgetBytes, config.relayBodyLimitBytes),
    bodyBudgetBytesPerKey: Math.max(config.relayBodyBudgetBytesPerKey, config.relayBodyLimitBytes),
    maxUploadBytes: config.relayUploadLimitBytes,
    uploadDirectory: join(config.dataDir, 'uploads'),
    ...reachSettings(config),
    firstByteTimeoutMs: config.upstreamFirstByteTimeoutMs,
    tokenCountTimeoutMs: config.upstreamTokenCountTimeoutMs,
    unseenPromptTokens: config.unseenPromptTokens,
    idleTimeoutMs: config.upstreamIdleTimeoutMs,
  };
}
