import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { load } from '../../src/commands/handling/load.js';
import { foundLedger } from '../../src/commands/ledger/found-ledger.js';
import { readLedger } from '../../src/commands/ledger/recognise-log.js';
import { NotAlone, rotateMasterKey } from '../../src/compose/rotation.js';
import { openSeals, sealsOf } from '../../src/compose/seals.js';
import { channelDecider } from '../../src/domain/channel/decide.js';
import { channelStream } from '../../src/domain/streams.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { createIssuedSecrets } from '../../src/stores/issued-secrets.js';
import { readKeyring, verifyMasterKey, WrongMasterKey } from '../../src/stores/ledger-instance.js';
import { createMailTokens } from '../../src/stores/mail-tokens.js';
import { createMails } from '../../src/stores/mails.js';
import { createPendingRegistrations } from '../../src/stores/pending-registrations.js';
import { createPersonKeyVault } from '../../src/stores/person-keys.js';
import {
  CHANNEL_KEY_PURPOSE,
  CHANNEL_PROXY_PURPOSE,
  createKeyring,
  type Keyring,
} from '../../src/support/keyring.js';
import { plainChannel } from '../support/channel.js';
import { createCommandWorld } from '../support/command-world.js';
import { anEvent, append } from '../support/events.js';
import { readWholeLog } from '../support/whole-log.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const [first, second, third] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];
const meta = { actor: 'operator:ann', requestId: 'r' };
const person = {
  display_name: 'Ann',
  email: 'ann@example.com',
  phone: '',
  wechat_openid: '',
  wechat_unionid: '',
  alipay_userid: '',
  external_data: '',
};

let database: TestDatabase;
let store: EventStore;
const accounts = Array.from({ length: 3 }, () => randomUUID());
const erased = randomUUID();
beforeAll(async () => {
  database = await createTestDatabase();
  store = createPostgresEventStore({
    connectionString: database.url,
    applicationName: 'counterfoil rotation',
  });
  const { pool } = database;
  const keyring = createKeyring(first);
  const ledgerId = await verifyMasterKey(pool, keyring);
  const founding = { ledgerId, foundedAt: at.toISOString(), sealedWith: sealsOf(first).keyId };
  await foundLedger(store, founding);
  const vault = createPersonKeyVault(pool, keyring);
  for (const accountId of accounts) sealed.push(await vault.seal(accountId, person));
  note = await vault.sealText(accounts[0] as string, 'a note');
  await vault.seal(erased, person);
  await vault.erase(erased);
  await createIssuedSecrets(pool, keyring).keep('request', { tokenId: 1, accessKey: 'sk-x' });
  await waiting(keyring).mails.add({ kind: 'verify', accountId: undefined, to, content }, at);
  const pending = { id: randomUUID(), person: who, passwordHash: 'hash', emailHash: 'e', expiresAt: later };
  await waiting(keyring).pending.add(pending, 'registration');
  const link = { kind: 'verify', accountId: accounts[0] as string, emailHash: 'e', email: to } as const;
  await waiting(keyring).links.add(link, 'link', later);
  const { commands } = createCommandWorld({ overrides: { store, vault, keyring } });
  for (const channelId of ['main', 'spare'])
    await commands.configureChannel(
      {
        channelId,
        settings: { name: channelId, base_url: 'https://api.example.com', models: ['m'], ...plainChannel },
        keys: [{ secret: `secret of ${channelId}` }],
        proxyUrl: 'http://user:password@proxy.example.com:3128',
        enabled: true,
      },
      meta,
    );
}, 60_000);
afterAll(async () => {
  await store?.close();
  await database?.drop();
});
const sealed: Awaited<ReturnType<ReturnType<typeof createPersonKeyVault>['seal']>>[] = [];
let note = '';

const at = new Date('2026-11-21T10:00:00Z');
const later = new Date('2026-11-22T10:00:00Z');
const to = 'alice@example.com';
const who = { username: 'alice', email: to, language: 'zh' } as const;
const content = { subject: 'a subject', text: 'a text', html: '<p>a text</p>' };

/** Mails, registrations and links that wait for somebody. */
const waiting = (keyring: Keyring) => ({
  mails: createMails(database.pool, keyring, { delivers: false }),
  pending: createPendingRegistrations(database.pool, keyring),
  links: createMailTokens(database.pool, keyring),
});

const rotate = (oldKey: Uint8Array, newKey: Uint8Array, pool: pg.Pool = database.pool) =>
  rotateMasterKey({ pool, store, oldKey, newKey, newId: randomUUID });

/** The process dies before its statement of that number. */
const diesBefore = (statement: number): pg.Pool => {
  let asked = 0;
  return new Proxy(database.pool, {
    get: (pool, name) => {
      if (name !== 'query') return Reflect.get(pool, name) as unknown;
      return (...given: [string]) => {
        if (++asked >= statement) throw new Error('killed');
        return pool.query(...given);
      };
    },
  });
};

async function expectAllToOpenWith(masterKey: Uint8Array): Promise<void> {
  const { pool } = database;
  await verifyMasterKey(pool, createKeyring(masterKey));
  const keyring = await readKeyring(pool, masterKey);
  const vault = createPersonKeyVault(pool, keyring);
  for (const box of sealed) expect(await vault.open(box)).toEqual(person);
  expect((await vault.openTexts([note])).get(note)).toBe('a note');
  expect(await vault.open({ key_id: `person:${erased}`, box: '' })).toBeUndefined();
  const secret = await createIssuedSecrets(pool, keyring).find('request');
  expect(secret).toEqual({ tokenId: 1, accessKey: 'sk-x' });
  const { mails, pending, links } = waiting(keyring);
  expect(await mails.list({ limit: 1 })).toMatchObject([{ to, subject: 'a subject', text: 'a text' }]);
  expect((await pending.find('registration', at))?.person).toMatchObject(who);
  expect((await links.find('verify', 'link', at))?.email).toBe(to);
  for (const channelId of ['main', 'spare']) {
    const { state } = await load(store, channelStream(channelId), channelDecider);
    const [key] = state?.settings.keys ?? [];
    expect(key && keyring.open(key.sealed, CHANNEL_KEY_PURPOSE)).toBe(`secret of ${channelId}`);
    expect(key?.id).toBe(keyring.fingerprintOf(`secret of ${channelId}`));
    const proxy = state?.settings.sealed_proxy_credentials;
    expect(proxy && keyring.open(proxy, CHANNEL_PROXY_PURPOSE)).toContain('password');
    expect(state?.disabled).toBeNull();
  }
  // What is found by a hash is found as before: access keys, claims, service keys.
  const before = createKeyring(first);
  expect(keyring.hashAccessKey('sk-x')).toBe(before.hashAccessKey('sk-x'));
  expect(keyring.hashClaim('email', 'a')).toBe(before.hashClaim('email', 'a'));
  expect(keyring.hashServiceKey('k')).toBe(before.hashServiceKey('k'));
  expect(keyring.operatorTokenKey).not.toEqual(before.operatorTokenKey);
  await expectSealsToBeKnownWith(masterKey);
}

/** What was sealed before rotations is known by the key of then, and what comes is sealed with another. */
async function expectSealsToBeKnownWith(masterKey: Uint8Array): Promise<void> {
  const before = sealsOf(first);
  const sealedLog = createMemoryEventStore({ seals: before });
  await append(sealedLog, anEvent('account-registered'));
  const [event] = await readWholeLog(sealedLog);
  const seals = await openSeals({ pool: database.pool, clock: { now: Date.now } }, masterKey);
  expect(event && seals.sealOf(event)).toMatchObject({ keyId: before.keyId });
  expect(seals.keyId).toBe(sealsOf(masterKey).keyId);
  expect(seals.keyId).not.toBe(before.keyId);
  expect(await readLedger(store)).toMatchObject({ sealedWith: seals.keyId });
}

describe('a rotation of the master key', () => {
  it('is refused while a service is connected, which may go on and be started again', async () => {
    const service = createPool({
      connectionString: database.url,
      max: 1,
      applicationName: 'counterfoil all',
    });
    try {
      await service.query('SELECT 1');
      await expect(rotate(first, second)).rejects.toThrow(NotAlone);
      await verifyMasterKey(database.pool, createKeyring(first));
    } finally {
      await service.end();
    }
  });

  it('is finished by another run wherever it died, and nothing starts in between', async () => {
    let deaths = 0;
    for (let statement = 2; ; statement++) {
      try {
        await rotate(first, second, diesBefore(statement));
        break;
      } catch (error) {
        expect(String(error)).toContain('killed');
        deaths += 1;
      }
      // Marked by the second statement.
      if (statement > 2)
        for (const key of [first, second])
          await expect(verifyMasterKey(database.pool, createKeyring(key))).rejects.toThrow(/rotat/);
    }
    expect(deaths).toBeGreaterThan(5);
    await expectAllToOpenWith(second);
    await expect(verifyMasterKey(database.pool, createKeyring(first))).rejects.toThrow(WrongMasterKey);
  }, 60_000);

  it('that was finished is not done again, and not from or to any other key', async () => {
    expect(await rotate(first, second)).toEqual({ done: 'before' });
    await expect(rotate(first, third)).rejects.toThrow(WrongMasterKey);
    await expect(rotate(third, randomBytes(32))).rejects.toThrow(WrongMasterKey);
  });

  it('may follow another one: what was ever found by a hash is still found', async () => {
    expect(await rotate(second, third)).toEqual({
      done: 'now',
      persons: 3,
      secrets: 1,
      mails: 4,
      channels: 2,
      unopened: 0,
    });
    await expectAllToOpenWith(third);
  });
});
