import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig, type StartOptions } from '../../src/config.js';

const faultsOf = (environment: Record<string, string>, options: StartOptions = {}): readonly string[] => {
  try {
    readConfig(environment, options);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');
const realServers = {
  DATABASE_URL: 'postgres://ledger@127.0.0.1/ledger',
  REDIS_URL: 'redis://127.0.0.1:6379',
  MASTER_KEY,
};

describe('the configuration', () => {
  it('is complete without any variable: everything embedded, on loopback, with keys', () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      role: 'all',
      eventStoreUrl: undefined,
      databaseUrl: undefined,
      redisUrl: undefined,
      externalApiAuth: 'key',
      serviceKeys: [],
      timezone: 'UTC',
      topupLimits: { minUsd: '0.01', maxUsd: '1000000' },
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '' })).toMatchObject({ databaseUrl: undefined, port: 3000 });
  });

  it('names all faults at once, and never the value of a variable', () => {
    const faults = faultsOf({
      PORT: '70000',
      ROLE: 'everything',
      MASTER_KEY: 'secret',
      LEDGER_TIMEZONE: 'Mars/Base',
    });
    expect(faults.map((fault) => fault.split(':', 1)[0])).toEqual([
      'PORT',
      'ROLE',
      'MASTER_KEY',
      'LEDGER_TIMEZONE',
    ]);
    expect(faults.join()).not.toContain('secret');
    expect(faults[1]).toBe('ROLE: must be one of all, api, relay, projector');
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['EVENTSTORE_URL', 'http://127.0.0.1:2113'],
    ['DATABASE_URL', 'mysql://127.0.0.1/ledger'],
    ['REDIS_URL', '127.0.0.1:6379'],
    ['MASTER_KEY', Buffer.alloc(31).toString('base64')],
    ['SERVICE_KEYS', 'short'],
    ['TOPUP_MIN_USD', '0'],
    ['TOPUP_MAX_USD', '1e6'],
    ['SHUTDOWN_DEADLINE_MS', 'soon'],
    ['EXTERNAL_API_AUTH', 'none'],
  ])('refuses %s=%s', (name, text) => {
    expect(faultsOf({ [name]: text })).toEqual([expect.stringMatching(`^${name}: `)]);
  });

  it.each(['api', 'relay', 'projector'])(
    'lets the role %s stand alone only on servers and a key that it shares',
    (ROLE) => {
      expect(faultsOf({ ROLE })).toHaveLength(3);
      expect(readConfig({ ROLE, ...realServers }).role).toBe(ROLE);
    },
  );

  it('lets an open API beyond loopback only when that is stated twice', () => {
    const open = { EXTERNAL_API_AUTH: 'open' };
    expect(readConfig(open).externalApiAuth).toBe('open');
    expect(faultsOf({ ...open, HOST: '0.0.0.0' })).toEqual([
      expect.stringContaining('EXTERNAL_API_OPEN_BEYOND_LOOPBACK=yes'),
    ]);
    expect(readConfig({ ...open, HOST: '0.0.0.0', EXTERNAL_API_OPEN_BEYOND_LOOPBACK: 'yes' }).host).toBe(
      '0.0.0.0',
    );
  });

  it('starts a mock upstream only where nobody but this machine is served', () => {
    const faults = (environment: Record<string, string>) => faultsOf(environment, { mockUpstream: true });
    expect(faults({ HOST: '0.0.0.0' })).toEqual([expect.stringContaining('--mock-upstream')]);
    expect(faults({ ...realServers, ROLE: 'relay' })).toEqual([expect.stringContaining('--mock-upstream')]);
    expect(readConfig({ HOST: '::1' }, { mockUpstream: true }).mockUpstream).toBe(true);
    expect(readConfig({}).mockUpstream).toBe(false);
  });

  it('shows mails to everybody only where everybody is at this machine and nobody sends them', () => {
    const faults = (environment: Record<string, string>) => faultsOf(environment, { openOutbox: true });
    const mail = { SMTP_URL: 'smtp://127.0.0.1:2525', MAIL_FROM: 'counterfoil@example.com' };
    expect(faults({ HOST: '0.0.0.0' })).toEqual([expect.stringContaining('an open outbox')]);
    expect(faults(mail)).toEqual([expect.stringContaining('an open outbox')]);
    expect(readConfig({}, { openOutbox: true }).openOutbox).toBe(true);
    expect(readConfig({}).openOutbox).toBe(false);
  });

  it('wants nothing proved or anchored where nothing is signed', () => {
    const proving = { LIABILITY: 'daily', ANCHORS_FILE: 'anchors.yaml' };
    for (const TRANSPARENCY of ['public', 'kept']) expect(faultsOf({ ...proving, TRANSPARENCY })).toEqual([]);
    expect(faultsOf({ ...proving, TRANSPARENCY: 'off' })).toEqual([
      'LIABILITY: only with TRANSPARENCY, since balances are proved by what is signed',
      'ANCHORS_FILE: only with TRANSPARENCY, since nothing is signed that anchors could be given',
    ]);
  });

  it('takes leases of holds only where a hold costs a way to Redis', () => {
    const { DATABASE_URL } = realServers;
    const refusal =
      'HOLD_LEASES: only with REDIS_URL, since without it a hold costs nothing that a lease saves';
    expect(faultsOf({ DATABASE_URL, HOLD_LEASES: 'on' })).toEqual([refusal]);
    expect(faultsOf({ HOLD_LEASES: 'on', REDIS_URL: '' })).toEqual([refusal]);
    expect(faultsOf({ ...realServers, HOLD_LEASES: 'yes' })).toEqual([
      expect.stringMatching(/^HOLD_LEASES: .*on.*off|^HOLD_LEASES: .*off.*on/),
    ]);
    expect(readConfig({ ...realServers, HOLD_LEASES: 'on' }).leasesHolds).toBe(true);
    expect(readConfig(realServers).leasesHolds).toBe(false);
  });

  it('splits several service keys', () => {
    const keys = ['front-end-test-key-1', 'front-end-test-key-2'];
    expect(readConfig({ SERVICE_KEYS: keys.join(' , ') }).serviceKeys).toEqual(keys);
  });
});
