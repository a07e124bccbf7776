import type { UpstreamTypes } from '../relay/upstreams/all.js';
import { randomUUID } from 'node:crypto';
import type { Config } from '../config.js';
import type { CallSettings } from '../domain/setting/settings.js';
import type { Administration } from '../http/operators/ports.js';
import { Catalogue } from '../relay/catalogue.js';
import { readChannelReports } from '../relay/channels/health/channel-reports.js';
import { nextCall } from '../relay/next-call.js';
import type { Commands } from '../commands/commands.js';
import { ChannelTests } from '../relay/channels/health/channel-tests.js';
import type { ChannelOpenerOptions } from '../relay/channels/open-channels.js';
import { KeyRetirement, type RetirementDependencies } from '../relay/channels/retirement.js';
import type { ChannelState } from '../relay/channels/state/channel-state.js';
import { InProcessChannelState } from '../relay/channels/state/in-process-channel-state.js';
import { RedisChannelState } from '../relay/channels/state/redis-channel-state.js';
import { ChannelTraffic } from '../relay/channels/traffic.js';
import { UpstreamPools } from '../relay/upstreams/transport/pools.js';
import { createReach, mayBeSaved, type ReachSettings } from '../support/reach.js';
import { defaultRelaySettings } from '../relay/ports.js';
import { CHANNEL_KEY_PURPOSE, CHANNEL_PROXY_PURPOSE } from '../support/keyring.js';
import type { Foundation, Ledger } from './ledger.js';

const COMMAND_TIMEOUT_MS = 1_000;
/** A test answers when its outcome can be seen, or without. */
const SHOWN_WITHIN_MS = 5_000;

/** Shared where REDIS_URL names a server; else there is one process, which knows it all. */
export function openChannelState({ config, ledgerId, log, shutdown }: Foundation): ChannelState {
  const state =
    config.redisUrl === undefined
      ? new InProcessChannelState(() => performance.now())
      : new RedisChannelState({
          url: config.redisUrl,
          keyPrefix: `counterfoil-${ledgerId}`,
          commandTimeoutMs: COMMAND_TIMEOUT_MS,
          onProblem: (error) => log.warn({ err: error }, 'the shared state of the channels has a problem'),
        });
  shutdown.add('channel state', () => state.close());
  return state;
}

/**
 * A key that upstream refuses for good goes out of use as an event, by nobody but the ledger itself.
 * @param written waits for what must have seen the event
 */
export function keyDisabler(
  commands: Pick<Commands, 'setChannelKeyEnabled'>,
  { log }: Pick<Foundation, 'log'>,
  written: (position: bigint) => Promise<unknown> = () => Promise.resolve(),
): RetirementDependencies['disableKey'] {
  return async ({ channelId, keyId, reason }) => {
    const result = await commands.setChannelKeyEnabled(
      { channelId, keyId, enabled: false, reason, automatic: true },
      { actor: 'system', requestId: `channel-${channelId}` },
    );
    if (!result.ok) throw new Error(`the key ${keyId} of ${channelId} stays: ${result.refusal.code}`);
    log.warn({ channel: channelId, key: keyId, reason }, 'a key of a channel was taken out of use');
    await written(result.position);
  };
}

export function secretOpener({ keyring }: Pick<Foundation, 'keyring'>): ChannelOpenerOptions['openSecret'] {
  return (sealed, what) => keyring.open(sealed, what === 'key' ? CHANNEL_KEY_PURPOSE : CHANNEL_PROXY_PURPOSE);
}

type ReachConfig = Pick<Config, 'upstreamAllowPrivate' | 'upstreamOwnOrigins'>;

/** Where this process may connect to, as its environment and its own file say. */
export function reachSettings(config: ReachConfig): ReachSettings {
  return { allowPrivate: config.upstreamAllowPrivate, ownOrigins: config.upstreamOwnOrigins };
}

/** Asked before an address is saved. */
export function channelAddressCheck(config: ReachConfig): (url: string) => Promise<boolean> {
  const reach = createReach(reachSettings(config));
  return (url) => mayBeSaved(reach, url);
}

interface NextCallParts extends Pick<Ledger, 'keyring' | 'log' | 'readModels'> {
  readonly channelState: ChannelState;
  readonly upstreamTypes: UpstreamTypes;
  readonly defaultSettings: CallSettings;
}

/** Reads the catalogue as a relay does, since a process that serves the API need not be one. */
export function openNextCall(parts: NextCallParts): Administration['nextCall'] {
  const { channelState, defaultSettings, log, readModels, upstreamTypes } = parts;
  const catalogue = new Catalogue({
    readModels,
    defaultSettings,
    upstreamTypes,
    openSecret: secretOpener(parts),
    onChannels: () => undefined,
    onFault: ({ channelId, error }) =>
      log.warn({ err: error, channel: channelId }, 'a channel could not be opened'),
  });
  return async (asked) => {
    const [reports] = await Promise.all([readChannelReports(channelState), catalogue.refresh()]);
    return nextCall(catalogue.current, reports, asked);
  };
}

interface ChannelTestParts extends Pick<Ledger, 'keyring' | 'log' | 'readModels' | 'shutdown'> {
  readonly commands: Pick<Commands, 'setChannelKeyEnabled'>;
  readonly channelState: ChannelState;
  readonly upstreamTypes: UpstreamTypes;
  readonly config: ReachConfig;
}

/** Tests that operators ask for: with connections of their own, since a process that serves the API need not be a relay. */
export function openChannelTests(parts: ChannelTestParts): ChannelTests {
  const { channelState: state, commands, config, log, readModels, shutdown, upstreamTypes } = parts;
  const onFault = (error: unknown) => log.warn({ err: error }, 'a test of a channel had a problem');
  const pools = new UpstreamPools({ ...defaultRelaySettings, ...reachSettings(config) });
  const tests = new ChannelTests({
    state,
    pools,
    channels: async () => (await readModels.catalogue()).channels,
    openSecret: secretOpener(parts),
    upstreamTypes,
    traffic: new ChannelTraffic({
      state,
      process: randomUUID(),
      draw: Math.random,
      settings: defaultRelaySettings,
      onFault,
    }),
    retirement: new KeyRetirement({
      disableKey: keyDisabler(commands, parts, (position) => readModels.waitFor(position, SHOWN_WITHIN_MS)),
      onFault,
    }),
    now: Date.now,
  });
  shutdown.add('channel tests', async () => {
    await tests.stop();
    await pools.close();
  });
  return tests;
}
