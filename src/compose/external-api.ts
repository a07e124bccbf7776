import type { UpstreamTypes } from '../relay/upstreams/all.js';
import Koa from 'koa';
import { createAudit } from '../books/audit/audit.js';
import { createReceipts } from '../books/receipts.js';
import { createFinanceReports } from '../books/finance-reports.js';
import { createHttpApp } from '../http/app.js';
import type { ClientAddress } from '../http/edge/client-address.js';
import { defaultHttpSettings, type ExternalAuth, type HttpSettings } from '../http/ports.js';
import type { ChannelState } from '../relay/channels/state/channel-state.js';
import type { Relay } from '../relay/relay.js';
import { createServiceKeys } from '../stores/service-keys.js';
import { compileAllowedAddresses } from '../relay/access/allowed-addresses.js';
import { isLoopback } from '../support/loopback.js';
import { createReach } from '../support/reach.js';
import { createPasswords } from '../support/passwords.js';
import { createAdministration } from './administration.js';
import { channelAddressCheck, openChannelTests, openNextCall, reachSettings } from './channels.js';
import { logAsItIs } from './any-log.js';
import { createPoisonDesk } from './poison-desk.js';
import { readiness } from './health.js';
import { openJobs } from './jobs.js';
import { openMail } from './mail.js';
import { openOwn } from './own.js';
import { paymentMetrics } from './payment-metrics.js';
import { openAlertAddresses } from './operator-alerts.js';
import { openPayments, type Payments } from './payments.js';
import { EndingGrants } from '../reactions/grants/ending-grants.js';
import { OrderHealing } from '../reactions/payments/healing.js';
import { Periods } from '../reactions/subscriptions/periods.js';
import type { People } from '../http/people/ports/people.js';
import { openPeople, type PeopleOptions } from './people.js';
import { openOwnAlerts } from './user-alerts.js';
import { createIdentityServices } from '../providers/sign-in/identity-services.js';
import { mayReach } from '../support/reach.js';
import { forgetWhatRanOut } from './run-out.js';
import { keepTraces } from './operator-traces.js';
import type { Process } from './process.js';
import { defaultSettings } from './settings.js';
import { createSystem } from './system.js';
import { offeredProofs, transparencyParts } from './transparency.js';
import type { WriteSide } from './write-side.js';

interface ExternalApiParts extends Process, Pick<WriteSide, 'commands' | 'dependencies'> {
  /** Where the service was reached, once it is. */
  readonly reachedAt: { readonly url: string };
  readonly channelState: ChannelState;
  readonly upstreamTypes: UpstreamTypes;
  /** Of this process, if there is one: it looks at once at what an operator changed. */
  readonly relay: Pick<Relay, 'refreshCatalogue'> | undefined;
  readonly addressOf: ClientAddress;
}

/** Of the outbox of a demo. */
const SHOWN_MAILS = 50;
/** Above what a look at the log and two rows take. */
const EQUAL_MS = 250;

function httpSettings({
  externalApiRequestsPerSecond: perSecond,
  timezone,
  topupLimits,
  hasTeams,
}: ExternalApiParts['config']): HttpSettings {
  return {
    ...defaultHttpSettings,
    timezone,
    topupLimits,
    rateLimit: { perSecond, burst: 2 * perSecond },
    hasTeams,
  };
}

/** What front ends, auditors, operators and anybody may ask for. */
export async function openExternalApi(parts: ExternalApiParts): Promise<Koa> {
  const { addressOf, cache, channelState, commands, config, database, health, keyring, log } = parts;
  const { readModels, relay, store } = parts;
  const { openTexts } = parts.vault;
  const { pool } = database;
  const keys = createServiceKeys(pool, keyring);
  await keys.ensurePresets(config.serviceKeys);
  const now = () => new Date();
  keepTraces(parts);
  const { mails, canMail } = openMail(parts);
  forgetWhatRanOut(parts, mails);
  const passwords = createPasswords();
  const audit = createAudit({ pool, store, openTexts, cachedBalance: cache, timeZone: config.timezone, now });
  const receipts = createReceipts({ ...transparencyParts(parts), isOn: config.transparency.mode !== 'off' });
  const settings = httpSettings(config);
  const payments = paymentsOf(parts, now);
  endGrants(parts, now);
  keepPeriods(parts, now);
  const services = createIdentityServices(mayReach(config.signInAllowPrivate), now);
  const publicUrl = () => config.publicUrl ?? parts.reachedAt.url;
  return createHttpApp({
    commands,
    readModels,
    log,
    addressOf,
    adminAddresses: compileAllowedAddresses(config.adminAddresses),
    now,
    audit,
    finance: createFinanceReports({ pool, store, openTexts, timezone: config.timezone }),
    receipts,
    auditAuth: { mode: 'key', keys },
    publicUrl: config.publicUrl,
    people: peopleOf(parts, { mails, canMail, passwords, now, publicUrl, services }),
    payments: payments.desk,
    testPayments: payments.testPayments,
    own: openOwn({ ...ownReads(parts), audit, receipts, settings }),
    ownAlerts: openOwnAlerts({ ...parts, mails, publicUrl }),
    outbox: config.openOutbox ? () => mails.list({ limit: SHOWN_MAILS }) : undefined,
    isWell: async () => (await readiness(health)).ready,
    tables: parts.tables,
    admin: createAdministration({
      pool,
      services,
      publicUrl,
      store,
      keyring,
      vault: parts.vault,
      serviceKeys: keys,
      passwords,
      mails,
      now,
      defaultSettings: defaultSettings(config),
      onTraceLost: (error) => log.warn({ err: error }, 'a trace of an operator could not be kept'),
      channelState,
      channelTests: openChannelTests(parts),
      nextCall: openNextCall({ ...parts, defaultSettings: defaultSettings(config) }),
      mayCall: channelAddressCheck(config),
      alertAddresses: openAlertAddresses(parts),
      jobs: openJobs(parts),
      poison: createPoisonDesk(() => logAsItIs(parts)),
      ledgerId: parts.ledgerId,
      readModels,
      system: createSystem({ ...parts, pool, now }),
      refreshCatalogue: () => relay?.refreshCatalogue() ?? Promise.resolve(),
    }),
    auth: externalAuth(config, keys),
    settings,
  });
}

/** What the people of accounts read with. */
const ownReads = (parts: ExternalApiParts) => ({
  pool: parts.database.pool,
  openTexts: parts.vault.openTexts,
  readModels: parts.readModels,
  cachedBalance: parts.cache,
  offeredProofs: () => offeredProofs(parts),
});

/** What people do about their own sign-in. */
function peopleOf(
  { config, database, dependencies, log, readModels }: ExternalApiParts,
  shared: Pick<PeopleOptions, 'mails' | 'canMail' | 'passwords' | 'now' | 'publicUrl' | 'services'>,
): People {
  return openPeople({
    ...shared,
    pool: database.pool,
    readModels,
    dependencies,
    defaultSettings: defaultSettings(config),
    equalMs: EQUAL_MS,
    onProviderFault: (provider, error) =>
      log.warn({ part: 'sign-in', provider, err: error }, 'a service that people sign in with failed'),
  });
}

function externalAuth(
  { externalApiAuth, host }: Process['config'],
  keys: ReturnType<typeof createServiceKeys>,
): ExternalAuth {
  return externalApiAuth === 'open'
    ? { mode: 'open', loopbackOnly: isLoopback(host) }
    : { mode: 'key', keys };
}

/** Orders, and what heals them in whichever process comes first. */
function paymentsOf(parts: ExternalApiParts, now: () => Date): Payments {
  const { config, log, shutdown } = parts;
  const { pool } = parts.database;
  const { onVerdict, timed } = paymentMetrics(parts.metrics, pool);
  const onFault = (error: unknown) =>
    log.error(
      { part: 'payments', err: error },
      'money of an order could not be looked at; it is tried again',
    );
  const payments = openPayments({
    ...parts,
    commands: timed(parts.commands, now),
    pool,
    openTexts: parts.vault.openTexts,
    now,
    defaultSettings: defaultSettings(config),
    isTest: config.testPayments,
    givesGrants: config.givesGrants,
    baseUrl: () => config.publicUrl ?? parts.reachedAt.url,
    mayReachFrom: createReach(reachSettings(config)),
    onVerdict,
    onFault,
  });
  const healing = new OrderHealing({ ...payments.parts, pool, onFault });
  healing.start();
  shutdown.add('orders', () => healing.stop());
  return payments;
}

/** Grants end in whichever process comes first, also where no new ones are given any more. */
function endGrants(
  { commands, dependencies, database, log, shutdown }: ExternalApiParts,
  now: () => Date,
): void {
  const ending = new EndingGrants({
    pool: database.pool,
    commands,
    reservations: dependencies.reservations,
    now,
    onFault: (error) =>
      log.error({ part: 'grants', err: error }, 'a grant could not be ended; it is tried again'),
  });
  ending.start();
  shutdown.add('grants', () => ending.stop());
}

/** Periods of plans begin and end in whichever process comes first, also where none are sold any more. */
function keepPeriods({ commands, database, log, shutdown }: ExternalApiParts, now: () => Date): void {
  const periods = new Periods({
    pool: database.pool,
    commands,
    now,
    onFault: (error) =>
      log.error(
        { part: 'plans', err: error },
        'a period of a plan could not be begun or ended; it is tried again',
      ),
  });
  periods.start();
  shutdown.add('periods', () => periods.stop());
}

/** Relays and projectors answer nothing but what is mounted beside the external API. */
export function noExternalApi(): Koa {
  return new Koa().use((ctx) => {
    ctx.status = 404;
    ctx.body = { success: false, code: 'not_found', message: 'this process does not serve the external API' };
  });
}
