import { upstreamTypes } from '../../../src/relay/upstreams/all.js';
import { createAdministration } from '../../../src/compose/administration.js';
import { channelAddressCheck, openChannelTests, openNextCall } from '../../../src/compose/channels.js';
import { reachable as reachablePart } from '../../../src/compose/health.js';
import { createJobDesk } from '../../../src/compose/jobs.js';
import { createMetrics } from '../../../src/compose/metrics.js';
import { createPoisonDesk } from '../../../src/compose/poison-desk.js';
import { createSystem } from '../../../src/compose/system.js';
import { readConfig } from '../../../src/config.js';
import { LEDGER_ID } from '../../support/events.js';
import { ShutdownList } from '../../../src/compose/shutdown.js';
import { firstSettings } from '../../../src/domain/setting/settings.js';
import type { Role } from '../../../src/domain/operator/roles.js';
import type { ChannelState } from '../../../src/relay/channels/state/channel-state.js';
import type { Administration } from '../../../src/http/operators/ports.js';
import { InProcessChannelState } from '../../../src/relay/channels/state/in-process-channel-state.js';
import { Alerts } from '../../../src/reactions/alerts/alerts.js';
import { booksAlert } from '../../../src/reactions/alerts/books-disagree.js';
import { PostgresOutbox } from '../../../src/reactions/outbox/postgres-outbox.js';
import { createLogger } from '../../../src/support/logger.js';
import { createAlertAddresses } from '../../../src/stores/alert-receivers.js';
import { createMails } from '../../../src/stores/mails.js';
import { createIdentityServices } from '../../../src/providers/sign-in/identity-services.js';
import { mayReach } from '../../../src/support/reach.js';
import { createPasswords } from '../../../src/support/passwords.js';
import type { RealLedger } from './real-ledger.js';
import { PATIENCE_MS } from '../../support/eventually.js';

/** A secret, and what is none. */
const ENVIRONMENT = {
  SMTP_URL: 'smtp://user:secret@mail.example.com',
  MAIL_FROM: 'ledger@example.com',
  PORT: '3001',
};

const reachable = { upstreamAllowPrivate: ['127.0.0.0/8'], upstreamOwnOrigins: [] };

export const PASSWORD = 'correct horse battery';

export interface RealAdministration extends Administration {
  /** How often the relay of this process was told to look. */
  readonly refreshed: () => number;
  /** A signed-in operator. @returns the bearer token */
  signIn(name: string, role: Role): Promise<string>;
  /** What all processes know of the channels. */
  readonly channelState: ChannelState;
  close(): Promise<void>;
}

/** The administration on a real ledger; only the passwords are hashed for less. */
export function createRealAdministration(ledger: RealLedger, now = () => new Date()): RealAdministration {
  let refreshed = 0;
  const log = createLogger('silent');
  const shutdown = new ShutdownList(log);
  const channelState = new InProcessChannelState(() => performance.now());
  const defaultSettings = { ...firstSettings, hold_policy: 'clamp', limits: {} } as const;
  const jobs = createJobDesk({
    ...ledger,
    cachedBalance: undefined,
    openTexts: ledger.vault.openTexts,
    timezone: 'UTC',
    backups: undefined,
    onVerified: booksAlert(new Alerts(ledger.pool, new PostgresOutbox(ledger.pool), ['log'])),
    onFault: (error) => {
      throw error;
    },
  });
  const administration = createAdministration({
    ...ledger,
    channelState,
    mayCall: channelAddressCheck(reachable),
    alertAddresses: {
      addresses: createAlertAddresses(ledger.pool, ledger.keyring),
      mayPost: (url) => Promise.resolve(url.startsWith('https:')),
    },
    jobs: jobs.desk,
    // What stops a ledger is looked at in test/service/poison.test.ts.
    poison: createPoisonDesk(() => Promise.reject(new Error('there is no log to look at'))),
    ledgerId: LEDGER_ID,
    system: createSystem({
      ...ledger,
      config: readConfig(ENVIRONMENT),
      generation: 0,
      guard: { doubt: undefined },
      health: [reachablePart('database', () => ledger.pool.query('SELECT 1'))],
      ledgerId: LEDGER_ID,
      metrics: createMetrics(log),
      now,
    }),
    channelTests: openChannelTests({
      ...ledger,
      log,
      shutdown,
      channelState,
      upstreamTypes,
      config: reachable,
    }),
    nextCall: openNextCall({ ...ledger, log, channelState, upstreamTypes, defaultSettings }),
    services: createIdentityServices(mayReach(['127.0.0.1']), now),
    publicUrl: () => 'https://portal.example.com',
    passwords: createPasswords({ ln: 4, r: 8, p: 1 }),
    mails: createMails(ledger.pool, ledger.keyring, { delivers: false }),
    now,
    onTraceLost: (error) => {
      throw error;
    },
    defaultSettings,
    refreshCatalogue: () => {
      refreshed += 1;
      return Promise.resolve();
    },
  });
  return {
    ...administration,
    channelState,
    close: async () => {
      await jobs.stop();
      await shutdown.run();
    },
    refreshed: () => refreshed,
    signIn: async (name, role) => {
      const meta = { actor: 'cli', requestId: 'test' };
      const result = await administration.operators.create({ name, role, password: PASSWORD }, meta);
      if (!result.ok) throw new Error(result.refusal.code);
      if (!(await ledger.readModels.waitFor(result.position, PATIENCE_MS))) throw new Error('not projected');
      const login = { name, password: PASSWORD, address: '10.0.0.1' };
      return (await administration.auth.login(login)).token;
    },
  };
}
