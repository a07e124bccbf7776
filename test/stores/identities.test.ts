import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createIssuedSecrets } from '../../src/stores/issued-secrets.js';
import { verifyMasterKey, WrongMasterKey } from '../../src/stores/ledger-instance.js';
import { callIdForms, newCallId, placeOf, WRITER_LANES } from '../../src/domain/usage/call-id.js';
import { createNumericIds, nextWriterLane, passNumbersGiven } from '../../src/stores/numeric-ids.js';
import { PersonErased } from '../../src/stores/person-key-table.js';
import { createPersonKeyVault } from '../../src/stores/person-keys.js';
import { createServiceKeys } from '../../src/stores/service-keys.js';
import { createKeyring } from '../../src/support/keyring.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const keyring = createKeyring(Buffer.alloc(32, 1));
const person = {
  display_name: '测试用户',
  email: 'a@example.com',
  phone: '',
  wechat_openid: '',
  wechat_unionid: '',
  alipay_userid: '',
  external_data: '{"a":1}',
};
const noneGiven = () => Promise.resolve({ userId: 0, tokenId: 0 });
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('numeric ids', () => {
  it('never gives a number twice', async () => {
    const ids = createNumericIds(database.pool, noneGiven);
    const given = await Promise.all(Array.from({ length: 50 }, () => ids.nextUserId()));
    expect(new Set(given).size).toBe(50);
    expect(await ids.nextTokenId()).toBe(1);
  });

  it('show that the database was put back behind its log, once', async () => {
    const [userId, tokenId] = [await createNumericIds(database.pool, noneGiven).nextUserId(), 0];
    const given = () => Promise.resolve({ userId: userId + 3, tokenId });
    expect(await passNumbersGiven(database.pool, given)).toEqual({ users: 3, tokens: 0 });
    expect(await passNumbersGiven(database.pool, given)).toEqual({ users: 0, tokens: 0 });
  });

  it('go on behind those that the log names, from whichever sequence of before', async () => {
    const highest = await createNumericIds(database.pool, noneGiven).nextUserId();
    const alone = { userId: highest + 7, tokenId: 0 };
    expect(await createNumericIds(database.pool, () => Promise.resolve(alone)).nextUserId()).toBe(
      alone.userId + 1,
    );

    // Connections that look at the same time may each pass what lies between: then some numbers are skipped.
    const together = { userId: alone.userId + 20, tokenId: 0 };
    const ids = createNumericIds(database.pool, () => Promise.resolve(together));
    const given = await Promise.all(Array.from({ length: 20 }, () => ids.nextUserId()));
    expect(Math.min(...given)).toBeGreaterThan(together.userId);
    expect(new Set(given).size).toBe(20);
  });
});

describe('writer lanes', () => {
  it('are all in use before one is given again, and each makes ids of its own', async () => {
    const lanes: number[] = [];
    for (let started = 0; started <= WRITER_LANES; started++) lanes.push(await nextWriterLane(database.pool));
    expect(new Set(lanes).size).toBe(WRITER_LANES);
    expect(lanes[WRITER_LANES]).toBe(lanes[0]);
    const uuid = randomUUID();
    const nowMs = Date.now();
    for (const form of callIdForms) {
      const ids = lanes.map((lane) => z.uuid().parse(newCallId(form, lane, nowMs, uuid)));
      expect(new Set(ids.map((id) => placeOf(id).lane)).size).toBe(WRITER_LANES);
      expect(ids.map((id) => placeOf(id).madeMs)).toContain(form === 'process' ? nowMs : undefined);
    }
    expect(placeOf(uuid)).toEqual({ lane: undefined, madeMs: undefined });
  });
});

describe('master key', () => {
  it('is the one the database was begun with', async () => {
    const id = await verifyMasterKey(database.pool, keyring);
    expect(await verifyMasterKey(database.pool, keyring)).toBe(id);
    const other = createKeyring(Buffer.alloc(32, 2));
    await expect(verifyMasterKey(database.pool, other)).rejects.toThrow(WrongMasterKey);
  });
});

describe('the vault', () => {
  it('opens what it sealed, in any process', async () => {
    const accountId = randomUUID();
    const sealed = await createPersonKeyVault(database.pool, keyring).seal(accountId, person);
    expect(Buffer.from(sealed.box, 'base64').toString('latin1')).not.toContain('example');
    expect(await createPersonKeyVault(database.pool, keyring).open(sealed)).toEqual(person);
  });

  it('makes one key where many seal at once', async () => {
    const accountId = randomUUID();
    const vaults = Array.from({ length: 8 }, () => createPersonKeyVault(database.pool, keyring));
    const boxes = await Promise.all(vaults.map((vault) => vault.seal(accountId, person)));
    const fresh = createPersonKeyVault(database.pool, keyring);
    expect(await Promise.all(boxes.map((box) => fresh.open(box)))).toEqual(boxes.map(() => person));
  });

  it('can no longer open or seal once the person is erased', async () => {
    const accountId = randomUUID();
    const vault = createPersonKeyVault(database.pool, keyring);
    const other = createPersonKeyVault(database.pool, keyring);
    const sealed = await vault.seal(accountId, person);
    await other.open(sealed);
    await vault.erase(accountId);
    await vault.erase(accountId);
    expect(await vault.open(sealed)).toBeUndefined();
    await expect(vault.seal(accountId, person)).rejects.toThrow(PersonErased);
    await expect(other.seal(accountId, person)).rejects.toThrow(PersonErased);
    const { rows } = await database.pool.query('SELECT wrapped FROM person_keys WHERE account_id = $1', [
      accountId,
    ]);
    expect(rows).toEqual([{ wrapped: null }]);
  });

  it('refuses a box that was moved to another person', async () => {
    const vault = createPersonKeyVault(database.pool, keyring);
    const [one, other] = [await vault.seal(randomUUID(), person), await vault.seal(randomUUID(), person)];
    await expect(vault.open({ key_id: other.key_id, box: one.box })).rejects.toThrow('does not open');
  });
});

describe('issued secrets', () => {
  it('keeps the first and tells it to all', async () => {
    const secrets = createIssuedSecrets(database.pool, keyring);
    const kept = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        secrets.keep('r1', { tokenId: index + 1, accessKey: `sk-${index}` }),
      ),
    );
    expect(new Set(kept.map(({ accessKey }) => accessKey)).size).toBe(1);
    expect(await secrets.find('r1')).toEqual(kept[0]);
    const { rows } = await database.pool.query('SELECT sealed::text FROM issued_secrets');
    expect(JSON.stringify(rows)).not.toContain('sk-');
  });

  it('forgets them after a day', async () => {
    const secrets = createIssuedSecrets(database.pool, keyring);
    await secrets.keep('r2', { tokenId: 1, accessKey: 'sk-old' });
    await database.pool.query(
      "UPDATE issued_secrets SET expires_at = now() - interval '1 second' WHERE request_key = 'r2'",
    );
    expect(await secrets.find('r2')).toBeUndefined();
    expect(await secrets.keep('r2', { tokenId: 2, accessKey: 'sk-new' })).toEqual({
      tokenId: 2,
      accessKey: 'sk-new',
    });
    expect(await secrets.purge()).toBe(0);
  });
});

describe('service keys', () => {
  it('are found by the key, listed without it, and dead once revoked', async () => {
    const keys = createServiceKeys(database.pool, keyring);
    const created = await keys.create('shop', ['topups', 'read']);
    expect(await keys.find(created.key)).toEqual({
      id: created.id,
      scopes: ['topups', 'read'],
      returnOrigins: [],
    });
    expect(await keys.find('cfs_unknown')).toBeUndefined();
    expect(JSON.stringify(await keys.list())).not.toContain(created.key);
    expect(await keys.revoke(created.id)).toBe(true);
    expect(await keys.find(created.key)).toBeUndefined();
    expect(await keys.revoke('999')).toBe(false);
    expect(await keys.revoke("1' OR true")).toBe(false);
    expect(await keys.list()).toMatchObject([{ name: 'shop', revokedAt: expect.any(Date) }]);
  });

  it('presets keys once, and never revives one', async () => {
    const keys = createServiceKeys(database.pool, keyring);
    await keys.ensurePresets(['preset-key-0123456789']);
    const found = await keys.find('preset-key-0123456789');
    expect(found?.scopes).toContain('users');
    await keys.revoke(found?.id ?? '');
    await keys.ensurePresets(['preset-key-0123456789']);
    expect(await keys.find('preset-key-0123456789')).toBeUndefined();
    await expect(keys.ensurePresets(['short'])).rejects.toThrow(RangeError);
  });
});
