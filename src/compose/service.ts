import type Koa from 'koa';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { Connections } from '../http/edge/connections.js';
import { createListener, metricsListener, type RawHandlers } from '../http/listener.js';
import type { Relay } from '../relay/relay.js';
import { isLoopback } from '../support/loopback.js';
import { readAnchorsFile } from './anchors.js';
import type { AnchorsFile } from './anchors-file.js';
import { applyBootstrap, readBootstrapFile } from './bootstrap.js';
import type { Bootstrap } from './bootstrap-schema.js';
import { sayWhenDatabaseIsOlder } from './older-database.js';
import { ownOrigins } from './own-origins.js';
import { openChannelState } from './channels.js';
import { reportChannelsOutOfUse } from './channels-in-use.js';
import { noExternalApi, openExternalApi } from './external-api.js';
import { warnOfOpenDoor } from './event-store-rights.js';
import { type Ledger, openFoundation, openLedger } from './ledger.js';
import { retireMockChannel, withMockUpstream, withoutSamplePrices } from './mock-channel.js';
import { openProcess, type Process } from './process.js';
import { awaitReadModels, openProjector } from './projector.js';
import { healthzHandler, metricsHandler, readyzHandler, relayHandler } from './raw-handlers.js';
import { transparencyHandler } from '../http/edge/transparency.js';
import { openLogAlert } from './log-alert.js';
import { openDayEnds } from './liability.js';
import { openTransparency, publicLogOf } from './transparency.js';
import { openUpstreamTypes } from './channel-tokens.js';
import { openReactions } from './reactions.js';
import { openRelay } from './relay.js';
import { ARRIVAL_LIMITS, listen } from './server.js';
import { sayHowToBegin } from './setup.js';
import { ShutdownList } from './shutdown.js';
import type { FellowWorkers } from '../support/fellow-workers.js';
import { figuresOf, withFellows } from './workers.js';
import { openWriteSide, type WriteSide } from './write-side.js';

const BOOTSTRAP_WAIT_MS = 10_000;

export interface Service {
  readonly url: string;
  readonly ledger: Ledger;
  /** In order and within deadlines: no new requests, open streams finish and are settled, then everything is let go. */
  close(): Promise<void>;
}

/**
 * Starts what the role asks for. Resolves when requests are answered; when something cannot be started, stops what was and rejects.
 * @param onFatal called when the process may not go on
 * @param fellows where it is one of several workers behind one port
 */
export async function startService(
  config: Config,
  log: Logger,
  onFatal: (error: Error) => void,
  fellows?: FellowWorkers,
): Promise<Service> {
  const shutdown = new ShutdownList(log);
  try {
    // Before anything is started, so that a faulty file changes nothing.
    const own = config.bootstrapFile ? await readBootstrapFile(config.bootstrapFile) : undefined;
    const anchors = await readAnchorsFile({ config });
    const bootstrap = config.mockUpstream ? await withMockUpstream(own, { config, log, shutdown }) : own;
    const reaching = { ...config, upstreamOwnOrigins: ownOrigins(config, bootstrap) };
    const foundation = await openFoundation({ config: reaching, log, shutdown }, openLogAlert);
    await warnOfOpenDoor(foundation);
    const ledger = await openLedger(foundation, onFatal);
    const url = await startRole(ledger, { bootstrap, anchors, fellows });
    log.info({ url, role: config.role }, 'ready');
    if (config.role === 'all' || config.role === 'api') await sayHowToBegin(ledger, url);
    return { url, ledger, close: () => shutdown.run() };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

/** What the operator's own files say, and who is beside this process. */
interface Given {
  readonly bootstrap: Bootstrap | undefined;
  readonly anchors: AnchorsFile;
  readonly fellows: FellowWorkers | undefined;
}

/** What is opened first is stopped last. */
async function startRole(ledger: Ledger, { bootstrap, anchors, fellows }: Given): Promise<string> {
  const { role } = ledger.config;
  const does = (wanted: Config['role']) => role === 'all' || role === wanted;
  const connections = new Connections({
    trustedProxies: ledger.config.trustedProxies,
    perAddress: ledger.config.connectionsPerAddress,
    headerTimeoutMs: ARRIVAL_LIMITS.headersMs,
  });
  const reachedAt = { url: `http://${ledger.config.host}:${ledger.config.port}` };
  const opened = openProcess(ledger);
  const parts = { ...opened, fellows, connections, addressOf: connections.addressOf, reachedAt };
  if (does('projector')) {
    await openProjector({ ...parts, alerts: await openReactions(parts) });
    await openTransparency(parts, anchors);
    openDayEnds(parts);
  } else await awaitReadModels(parts);
  if (role === 'projector') return openServer({ ...parts, api: noExternalApi(), relay: undefined });
  const writing = { ...parts, ...openWriteSide(parts), channelState: openChannelState(parts) };
  if (does('api')) {
    sayWhenDatabaseIsOlder(parts);
    await openChannels(writing, bootstrap);
  }
  const calling = { ...writing, upstreamTypes: openUpstreamTypes(writing) };
  const relay = does('relay') ? await openRelay(calling) : undefined;
  const api = does('api') ? await openExternalApi({ ...calling, relay }) : noExternalApi();
  return openServer({ ...parts, api, relay });
}

type Writing = Ledger & Pick<WriteSide, 'commands'>;

/** What is said at the start of prices and channels, as events which the relay's first look should see. */
async function openChannels(parts: Writing, bootstrap: Bootstrap | undefined): Promise<void> {
  const { config, readModels } = parts;
  const retired = config.mockUpstream ? undefined : await retireMockChannel(parts);
  const applied = bootstrap && (await putInForce(parts, bootstrap));
  const position = applied ?? retired;
  if (position !== undefined) await readModels.waitFor(position, BOOTSTRAP_WAIT_MS);
  await reportChannelsOutOfUse(parts);
}

async function putInForce(parts: Writing, bootstrap: Bootstrap): Promise<bigint | undefined> {
  const { commands, log } = parts;
  const said = await withoutSamplePrices(bootstrap, parts);
  const position = await applyBootstrap(said, commands, (version) =>
    log.info(
      { version },
      'the prices of the bootstrap file are those it had before; the list published since then stays in force',
    ),
  );
  log.info({}, 'the bootstrap file is in force');
  return position;
}

interface Served extends Process {
  readonly connections: Connections;
  readonly api: Koa;
  readonly relay: Relay | undefined;
  readonly reachedAt: { url: string };
  readonly fellows: FellowWorkers | undefined;
}

/** Answers requests. @returns the address that was really taken */
async function openServer(parts: Served): Promise<string> {
  const { api, config, connections, fellows, relay, shutdown } = parts;
  const { host, metricsPort, metricsToken, port } = config;
  const health = fellows ? withFellows(parts.health, fellows) : parts.health;
  const figures = metricsHandler(figuresOf(parts.metrics, fellows), metricsToken);
  const publicLog = publicLogOf(parts);
  const isOpen = metricsPort === undefined && (metricsToken !== undefined || isLoopback(host));
  const raw: RawHandlers = {
    healthz: healthzHandler,
    readyz: readyzHandler(health),
    metrics: isOpen ? figures : undefined,
    relay: relay && relayHandler(relay, connections.addressOf),
    transparency: publicLog && transparencyHandler(publicLog),
  };
  if (metricsPort !== undefined) {
    const beside = await listen(
      metricsListener(figures),
      { host, port: metricsPort, variables: 'HOST and METRICS_PORT' },
      connections,
    );
    shutdown.add('metrics', () => beside.close());
  }
  const server = await listen(createListener(api, raw), { host, port }, connections);
  parts.reachedAt.url = server.url;
  shutdown.add('connections', () => server.close());
  shutdown.add(
    'open calls',
    async () => {
      await server.stopAccepting();
      await relay?.drain(config.shutdownDeadlineMs);
    },
    // Broken off after the deadline, calls still settle what they delivered.
    2 * config.shutdownDeadlineMs + 10_000,
  );
  return server.url;
}
