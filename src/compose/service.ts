import Koa from 'koa';
import type { Logger } from 'pino';
import type { Commands } from '../commands/commands.js';
import type { Config } from '../config.js';
import { createHttpApp } from '../http/app.js';
import { createListener, type RawHandlers } from '../http/listener.js';
import { defaultHttpSettings } from '../http/ports.js';
import { createServiceKeys } from '../stores/service-keys.js';
import { createFinanceReports } from '../books/finance-reports.js';
import { createAudit } from '../books/audit/audit.js';
import type { ChannelState } from '../relay/channels/state/channel-state.js';
import { createPasswords } from '../support/passwords.js';
import { createAdministration } from './administration.js';
import { applyBootstrap, readBootstrapFile } from './bootstrap.js';
import type { Bootstrap } from './bootstrap-schema.js';
import { openChannelState, openChannelTests } from './channels.js';
import { type HealthCheck, reachable, readiness } from './health.js';
import { type Ledger, openFoundation, openLedger } from './ledger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { awaitReadModels, openProjector } from './projector.js';
import { healthzHandler, metricsHandler, readyzHandler, relayHandler } from './raw-handlers.js';
import { openReactions } from './reactions.js';
import { openRelay, type RunningRelay } from './relay.js';
import { createReservations } from './reservations.js';
import { listen } from './server.js';
import { defaultSettings } from './settings.js';
import { ShutdownList } from './shutdown.js';
import { type Holding, openCommands, openHolding } from './write-side.js';

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
 */
export async function startService(
  config: Config,
  log: Logger,
  onFatal: (error: Error) => void,
): Promise<Service> {
  const shutdown = new ShutdownList(log);
  try {
    // Before anything is started, so that a faulty file changes nothing.
    const bootstrap = config.bootstrapFile ? await readBootstrapFile(config.bootstrapFile) : undefined;
    const ledger = await openLedger(await openFoundation(config, log, shutdown), onFatal);
    const url = await startRole(ledger, bootstrap);
    log.info({ url, role: config.role }, 'ready');
    return { url, ledger, close: () => shutdown.run() };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function startRole(ledger: Ledger, bootstrap: Bootstrap | undefined): Promise<string> {
  const { config, log, shutdown } = ledger;
  const does = (role: Config['role']) => config.role === 'all' || config.role === role;
  const metrics = createMetrics(log);
  const checks: HealthCheck[] = [
    reachable('event store', () => ledger.store.checkHealth()),
    reachable('database', () => ledger.database.pool.query('SELECT 1')),
    reachable('cached balance', () => ledger.cache.checkHealth()),
  ];
  if (does('projector')) {
    const alerts = await openReactions(ledger, metrics);
    checks.push(await openProjector(ledger, metrics, alerts));
  } else await awaitReadModels(ledger);
  const serving = does('api') || does('relay') ? await openServing(ledger, bootstrap, metrics) : undefined;
  if (serving?.running) checks.push(serving.running.check);
  const listener = await createRoleListener(ledger, metrics, checks, serving);
  const server = await listen(listener, config.host, config.port);
  shutdown.add('connections', () => server.close());
  shutdown.add(
    'open calls',
    () => {
      server.stopAccepting();
      return serving?.running?.relay.drain(config.shutdownDeadlineMs);
    },
    // Broken off after the deadline, calls still settle what they delivered.
    2 * config.shutdownDeadlineMs + 10_000,
  );
  return server.url;
}

/** What a process has that serves the API, the relay, or both. */
interface Serving {
  /** Of the API. */
  readonly commands: Commands | undefined;
  readonly channelState: ChannelState;
  readonly running: RunningRelay | undefined;
}

async function openServing(
  ledger: Ledger,
  bootstrap: Bootstrap | undefined,
  metrics: Metrics,
): Promise<Serving> {
  const { role } = ledger.config;
  const holding = openHolding(ledger);
  const writing = openWriteSide(ledger, holding);
  const channelState = openChannelState(ledger);
  const commands = role === 'relay' ? undefined : writing;
  if (commands && bootstrap) await putInForce(ledger, commands, bootstrap);
  const running =
    role === 'api' ? undefined : await openRelay(ledger, holding, writing, channelState, metrics);
  return { commands, channelState, running };
}

function openWriteSide(ledger: Ledger, holding: Holding): Commands {
  const { cache } = ledger;
  return openCommands(ledger, { guards: cache, reservations: createReservations({ cache, ...holding }) });
}

/** Applied as events, which the relay's first look should see. */
async function putInForce(
  { log, readModels }: Ledger,
  commands: Commands,
  bootstrap: Bootstrap,
): Promise<void> {
  const position = await applyBootstrap(bootstrap, commands, (version) =>
    log.info(
      { version },
      'the prices of the bootstrap file are those it had before; the list published since then stays in force',
    ),
  );
  if (position !== undefined) await readModels.waitFor(position, BOOTSTRAP_WAIT_MS);
  log.info({}, 'the bootstrap file is in force');
}

async function createRoleListener(
  ledger: Ledger,
  metrics: Metrics,
  checks: readonly HealthCheck[],
  serving: Serving | undefined,
) {
  const relay = serving?.running?.relay;
  const raw: RawHandlers = {
    healthz: healthzHandler,
    readyz: readyzHandler(checks),
    metrics: metricsHandler(metrics),
    relay: relay && relayHandler(relay),
  };
  const api = serving?.commands
    ? await createExternalApi(ledger, serving, serving.commands, checks)
    : servesNothing();
  return createListener(api, raw);
}

async function createExternalApi(
  ledger: Ledger,
  { channelState, running }: Serving,
  commands: Commands,
  checks: readonly HealthCheck[],
) {
  const { cache, config, database, keyring, log, readModels, store } = ledger;
  const keys = createServiceKeys(database.pool, keyring);
  await keys.ensurePresets(config.serviceKeys);
  const now = () => new Date();
  const perSecond = config.externalApiRequestsPerSecond;
  return createHttpApp({
    commands,
    readModels,
    log,
    now,
    audit: createAudit({ pool: database.pool, store, cachedBalance: cache, timeZone: config.timezone, now }),
    finance: createFinanceReports({ pool: database.pool, store, timezone: config.timezone }),
    auditAuth: { mode: 'key', keys },
    isWell: async () => (await readiness(checks)).ready,
    admin: createAdministration({
      pool: database.pool,
      store,
      keyring,
      serviceKeys: keys,
      passwords: createPasswords(),
      now,
      defaultSettings: defaultSettings(config),
      channelState,
      channelTests: openChannelTests(ledger, commands, channelState),
      refreshCatalogue: () => running?.relay.refreshCatalogue() ?? Promise.resolve(),
    }),
    auth: config.externalApiAuth === 'open' ? { mode: 'open' } : { mode: 'key', keys },
    settings: {
      ...defaultHttpSettings,
      timezone: config.timezone,
      topupLimits: config.topupLimits,
      rateLimit: { perSecond, burst: 2 * perSecond },
    },
  });
}

/** Relays and projectors answer nothing but what is mounted beside the external API. */
function servesNothing(): Koa {
  return new Koa().use((ctx) => {
    ctx.status = 404;
    ctx.body = { success: false, code: 'not_found', message: 'this process does not serve the external API' };
  });
}
