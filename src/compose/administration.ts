import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { recomputeCharges } from '../books/prices/recompute.js';
import { draftChannel } from '../commands/channel/draft-channel.js';
import { pendingAdjustment } from '../commands/adjustment/pending.js';
import { createAdjustmentRequests } from '../stores/adjustment-requests.js';
import { createOperatorCommands } from '../commands/operator/create-commands.js';
import { createServiceKeyCommands } from '../commands/servicekey/create-commands.js';
import { DEFAULT_TIMINGS } from '../commands/handling/timings.js';
import type { Sealed } from '../domain/stored/fields.js';
import { type Settings, settingsInForce } from '../domain/setting/settings.js';
import type { Administration } from '../http/operators/ports.js';
import type { EventStore } from '../eventstore/event-store.js';
import { createOperatorTraces } from '../stores/operator-traces.js';
import type { NoteTrace } from '../http/operators/tracing.js';
import { createOperatorCredentials } from '../stores/operator-credentials.js';
import type { MailStore } from '../stores/mails.js';
import { testMail } from '../http/people/mail-texts.js';
import type { ServiceKeyStore } from '../stores/service-keys.js';
import { hashTyped } from '../commands/code/hash-code.js';
import { searchAccounts } from '../projections/account/search.js';
import { findPriceList, priceVersions } from '../projections/catalogue/versions.js';
import { listOperators } from '../projections/operator/query.js';
import { findCode } from '../projections/code/query.js';
import { countPayments, newestPayments } from '../projections/payment/newest.js';
import { openedRows } from '../projections/runtime/opened-rows.js';
import { readHangUps } from '../projections/statistics/hang-ups.js';
import { searchKeys } from '../projections/token/search.js';
import { countHistory } from '../projections/usage/history-count.js';
import { historyEntry, historyPage } from '../projections/usage/history-page.js';
import type { ChannelTests } from '../relay/channels/health/channel-tests.js';
import { readChannelReports } from '../relay/channels/health/channel-reports.js';
import type { ChannelState } from '../relay/channels/state/channel-state.js';
import { CannotOpen, CHANNEL_KEY_PURPOSE, type Keyring } from '../support/keyring.js';
import type { PersonalDataVault } from '../support/personal-data-vault.js';
import { createPasswords, type Passwords } from '../support/passwords.js';
import type { ReadModels } from '../projections/read-models.js';
import { operatorLogins } from './operator-logins.js';
import { createAlertDesk } from './alert-desk.js';
import { createActs } from './acts.js';
import { createOutboxDesk } from './outbox-desk.js';
import { createOverview } from './overview.js';
import { createSetup } from './setup.js';
import { identityProviderDesk, type IdentityProviderParts } from '../http/operators/identity-providers.js';
import { createIdentityProviderSecrets } from '../stores/identity-provider-secrets.js';

/** Of what a new price list is tried on: a week, and no more calls than are read while somebody waits. */
const RECOMPUTED_MS = 7 * 24 * 3_600_000;
const MOST_RECOMPUTED = 20_000;

interface Servers {
  readonly pool: pg.Pool;
  readonly store: EventStore;
}

export interface AdministrationOptions
  extends Servers, Pick<IdentityProviderParts, 'services' | 'publicUrl'> {
  readonly keyring: Keyring;
  readonly vault: PersonalDataVault;
  readonly serviceKeys: ServiceKeyStore;
  readonly passwords: Passwords;
  readonly mails: MailStore;
  readonly now: () => Date;
  readonly channelState: ChannelState;
  readonly channelTests: ChannelTests;
  readonly nextCall: Administration['nextCall'];
  readonly mayCall: Administration['mayCall'];
  readonly system: Administration['system'];
  readonly jobs: Administration['jobs'];
  readonly poison: Administration['poison'];
  readonly alertAddresses: Pick<Administration['alerts'], 'addresses' | 'mayPost'>;
  readonly ledgerId: string;
  readonly readModels: Pick<ReadModels, 'waitFor' | 'settings'>;
  readonly defaultSettings: Settings;
  /** A trace could not be kept; who caused it is answered all the same. */
  readonly onTraceLost: (error: unknown) => void;
  /** Makes the relay of this process, if there is one, look at prices, channels and settings at once. */
  readonly refreshCatalogue: () => Promise<void>;
}

export function createAdministration(options: AdministrationOptions): Administration {
  const { pool, keyring, serviceKeys, passwords, now, defaultSettings, refreshCatalogue } = options;
  const { channelState, channelTests, mayCall } = options;
  const operators = operatorCommandsOn(options, passwords);
  const traces = createOperatorTraces(pool);
  const noteTrace: NoteTrace = (trace) => traces.note(trace, now()).catch(options.onTraceLost);
  const readable = openedRows(pool, options.vault.openTexts);
  return {
    ...operatorLogins(options, operators, noteTrace),
    identityProviders: identityProviderDesk({
      ...options,
      providerSecrets: createIdentityProviderSecrets(pool, keyring),
      settings: async () => settingsInForce(await options.readModels.settings(), defaultSettings),
      newId: randomUUID,
    }),
    noteTrace,
    listMails: (page) => options.mails.list(page),
    testMail: (to, language) => options.mails.add(testMail(to, language), now()),
    listTraces: (filter, page) => traces.list(filter, page),
    operators,
    pendingAdjustments: () => pendingAdjustments(options),
    listOperators: () => listOperators(pool),
    overview: createOverview(options),
    system: options.system,
    jobs: options.jobs,
    outbox: createOutboxDesk(pool),
    poison: options.poison,
    acts: createActs(options),
    alerts: createAlertDesk(pool, options.alertAddresses),
    recompute: (list) =>
      recomputeCharges(options, list, {
        from: new Date(now().getTime() - RECOMPUTED_MS),
        most: MOST_RECOMPUTED,
      }),
    setup: createSetup({ ...options, operators }),
    reads: {
      searchAccounts: (filter, page) => searchAccounts(readable, filter, page),
      searchKeys: (filter, page) => searchKeys(readable, filter, page),
      hangUps: (filter) => readHangUps(readable, filter, now()),
      history: (filter, page) => historyPage(readable, filter, page),
      countHistory: (filter, most) => countHistory(pool, filter, most),
      historyEntry: (position) => historyEntry(readable, position),
      code: async (typed) => {
        const codeHash = hashTyped(options, typed);
        if (codeHash === undefined) return { refusal: 'code_malformed' };
        return (await findCode(readable, codeHash)) ?? { refusal: 'code_unknown' };
      },
      newestPayments: (filter, page) => newestPayments(readable, filter, page),
      countPayments: (filter, most) => countPayments(pool, filter, most),
      priceVersions: (page) => priceVersions(pool, page),
      priceList: (version) => findPriceList(pool, version),
    },
    serviceKeys: serviceKeyCommandsOn(options, serviceKeys),
    listServiceKeys: () => serviceKeys.list(),
    maskOf: (sealed) => maskOf(keyring, sealed),
    channelReports: () => readChannelReports(channelState),
    nextCall: options.nextCall,
    channelTests,
    draftChannel: (said) => draftChannel(keyring, said),
    mayCall,
    defaultSettings,
    refreshCatalogue,
  };
}

/** More would be a list that nobody works through. */
const MAX_PENDING = 1_000;

async function pendingAdjustments({
  pool,
  store,
  vault,
}: AdministrationOptions): ReturnType<Administration['pendingAdjustments']> {
  const listed = await createAdjustmentRequests(pool).list(MAX_PENDING);
  const found = await Promise.all(
    listed.map(async ({ adjustmentId, externalUserId, requestedAt }) => {
      const pending = await pendingAdjustment({ store, vault }, adjustmentId);
      return pending && { ...pending, externalUserId, requestedAt };
    }),
  );
  return found.filter((each) => each !== undefined);
}

/** They take nothing from anybody, so no guards are raised. */
const dependenciesOn = ({ store }: Pick<Servers, 'store'>) => ({
  store,
  guards: { raiseGuards: () => Promise.resolve() },
  newId: randomUUID,
  now: () => new Date(),
  timings: DEFAULT_TIMINGS,
});

export const operatorCommandsOn = (servers: Servers, passwords = createPasswords()) =>
  createOperatorCommands({
    ...dependenciesOn(servers),
    credentials: createOperatorCredentials(servers.pool),
    passwords,
  });

export const serviceKeyCommandsOn = (servers: Pick<Servers, 'store'>, keys: ServiceKeyStore) =>
  createServiceKeyCommands(dependenciesOn(servers), keys);

const SHOWN = 4;
/** Of a shorter secret eight characters would be too much. */
const SHORTEST_SHOWN = 20;

function maskOf(keyring: Keyring, sealed: Sealed): string | undefined {
  try {
    const secret = keyring.open(sealed, CHANNEL_KEY_PURPOSE);
    return secret.length < SHORTEST_SHOWN ? '...' : `${secret.slice(0, SHOWN)}...${secret.slice(-SHOWN)}`;
  } catch (error) {
    if (error instanceof CannotOpen) return undefined;
    throw error;
  }
}
