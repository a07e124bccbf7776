import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { beginAnew } from '../../src/transparency/begin-anew.js';
import { openCheckpoint } from '../../src/transparency/checkpoint.js';
import { newestCheckpoint } from '../../src/transparency/checkpoint-tables.js';
import { comparisonText, compareLog } from '../../src/transparency/compare-log.js';
import { entriesOf } from '../../src/transparency/entry-bundle.js';
import { hashLeaf } from '../../src/transparency/hashing.js';
import { readKeptTree } from '../../src/transparency/kept-tree.js';
import { readVerifierKey } from '../../src/transparency/note-keys.js';
import { Prover } from '../../src/transparency/proofs.js';
import { allHeads } from '../../src/transparency/signed-heads.js';
import { addSigner } from '../../src/transparency/signing-keys.js';
import { indexAt, readBundle, readTreePlace, tileReader } from '../../src/transparency/tree-tables.js';
import { isConsistent, isIncluded } from '../../src/transparency/verify-proofs.js';
import { createLogged, ORIGIN } from './support/logged.js';
import { proverOf } from './support/trees.js';

describe('the tree of a log', () => {
  let logged: Awaited<ReturnType<typeof createLogged>>;
  beforeEach(async () => {
    logged = await createLogged();
  });
  afterEach(() => logged.close());

  /** The root as somebody computes it who has the log and nothing else. */
  const rootOfLog = async (): Promise<Buffer> => {
    const { events } = await logged.store.readAll({ after: -1n, limit: 10_000 });
    const leaves = events
      .filter(({ stream }) => stream !== 'log')
      .map((event) => hashLeaf(logged.leaves.entryOf(event)));
    return proverOf(leaves).root;
  };
  const compare = async () =>
    compareLog({
      ...logged,
      heads: await allHeads(logged),
      readTile: tileReader(logged.pool),
    });

  it('has an entry of each event, proves each, and goes on from every checkpoint', async () => {
    const tree = logged.start({ eventsAPage: 90 });
    await logged.given(1, 'log');
    await logged.given(300);
    const first = await tree.advance();
    await logged.given(231);
    const second = await logged.start().advance();
    expect(await tree.advance()).toBeUndefined();
    if (!first || !second) throw new Error('no checkpoint');
    expect([first.size, second.size]).toEqual([300, 531]);
    expect(second.root).toEqual(await rootOfLog());
    const prover = new Prover(531, tileReader(logged.pool));
    expect(isConsistent(first, second, await prover.consistency(300))).toBe(true);
    const { events } = await logged.store.readAll({ after: -1n, limit: 1_000 });
    for (const event of [events[1], events[257], events.at(-1)]) {
      const index = await indexAt(logged.pool, event?.position ?? -1n);
      if (!event || index === undefined) throw new Error('no entry');
      const bundle = await readBundle(logged.pool, Math.floor(index / 256));
      const entry = entriesOf(bundle?.entries ?? Buffer.alloc(0))[index % 256] as Buffer;
      expect(entry).toEqual(logged.leaves.entryOf(event));
      expect(entry.length).toBeLessThanOrEqual(1_024);
      expect(isIncluded(hashLeaf(entry), index, second, await prover.inclusion(index))).toBe(true);
    }
    expect(await indexAt(logged.pool, events[0]?.position ?? -1n)).toBeUndefined();
  });

  it('tells nobody of whom and how much an event is', async () => {
    await logged.given(2, 'payment-7');
    await logged.start().advance();
    const text = (await readBundle(logged.pool, 0))?.entries.toString() ?? '';
    expect(text).toContain('payment-credited.v1');
    expect(text).not.toMatch(/payment-7|amount|actor/);
  });

  it('takes each event once, whoever dies or is at it as well', async () => {
    await logged.given(700);
    let pages = 0;
    const { pool } = logged;
    const dying = {
      query: pool.query.bind(pool),
      connect: () => (pages++ > 1 ? Promise.reject(new Error('killed')) : pool.connect()),
    } as unknown as typeof pool;
    await expect(logged.start({ pool: dying, eventsAPage: 100 }).advance()).rejects.toThrow('killed');
    expect((await readTreePlace(logged.pool)).size).toBeGreaterThan(0);
    const programs = [logged.start({ eventsAPage: 50 }), logged.start({ eventsAPage: 70 })];
    await Promise.allSettled(programs.map((program) => program.advance()));
    await logged.start().advance();
    const newest = await newestCheckpoint(logged.pool);
    expect(newest?.size).toBe(700);
    expect(newest?.root).toEqual(await rootOfLog());
  });

  it('is signed by all keys that were not retired', async () => {
    const [before] = await logged.signers();
    const added = readVerifierKey(await addSigner(logged.keys, new Date()));
    await logged.given(1);
    const both = (await logged.start().advance())?.note ?? '';
    for (const key of [before?.key, added]) expect(openCheckpoint(both, key ? [key] : []).size).toBe(1);
    expect(await logged.keys.retire(before?.key.id ?? '', new Date())).toBe(true);
    expect(await logged.keys.retire(added.id, new Date())).toBe(false);
    await logged.given(1);
    const later = (await logged.start().advance())?.note ?? '';
    expect(openCheckpoint(later, [added]).size).toBe(2);
    expect(() => openCheckpoint(later, before ? [before.key] : [])).toThrow('has not signed');
  });

  it('comes to the same root where its tables were lost or changed', async () => {
    await logged.given(300);
    await logged.start().advance();
    for (const loss of [
      'UPDATE transparency_tiles SET hashes = substr(hashes, 1, 64) WHERE level = 0',
      `UPDATE transparency_tiles SET hashes = overlay(hashes placing '\\x00' from 1) WHERE level = 1`,
      `UPDATE transparency_tree SET size = 0, position = -1, event_id = NULL`,
      'DELETE FROM transparency_bundles WHERE n = 1',
    ]) {
      await logged.pool.query(loss);
      let remade = 0;
      await logged.start({ onRemade: () => void (remade += 1) }).advance();
      expect(remade).toBe(1);
    }
    await logged.given(1);
    expect((await logged.start().advance())?.root).toEqual(await rootOfLog());
  });

  it('says where a log is not what was signed, and signs no other', async () => {
    const stream = await logged.given(300);
    await logged.start().advance();
    expect(await compare()).toEqual({ kind: 'agrees', size: 300 });
    await logged.tamper(
      `UPDATE events SET data = '{"amount_usd":"1015"}' WHERE stream = '${stream}' AND revision = 270`,
    );
    expect(await compare()).toMatchObject({
      ...{ kind: 'changed', signed: 300, by: 'the database' },
      from: { entry: 270, event: { stream, revision: 270n }, isInPlace: true },
    });
    await logged.pool.query('DELETE FROM transparency_tiles');
    await logged.given(1);
    await expect(logged.start().advance()).rejects.toThrow('something was changed');
    expect((await newestCheckpoint(logged.pool))?.size).toBe(300);
  });

  it('says from where on others are shown what was not signed, in each bundle and tile', async () => {
    await logged.given(700);
    await logged.start().advance();
    const kept = await readKeptTree(logged.pool, logged.store);
    const beside = async () =>
      compareLog({ ...logged, heads: await allHeads(logged), kept, readTile: kept.readTile });
    expect(await beside()).toEqual({ kind: 'agrees', size: 700 });
    for (const [statement, from] of [
      [`UPDATE transparency_bundles SET entries = overlay(entries placing 'X' from 9) WHERE n = 2`, 512],
      [`UPDATE transparency_tiles SET hashes = overlay(hashes placing 'X' from 9) WHERE level = 1`, 0],
      ['DELETE FROM transparency_bundles WHERE n = 0', 0],
    ] as const) {
      await logged.pool.query(statement);
      expect(await beside()).toMatchObject({ kind: 'spoiled', from });
    }
    expect(comparisonText(await beside())).toContain('transparency check --mend');
  });

  it.each([
    ['back-dated', `UPDATE events SET recorded_at = recorded_at - interval '1 day' WHERE revision = 5`],
    ['said to be of another', `UPDATE events SET metadata = '{"actor":"nobody"}' WHERE revision = 5`],
    ['given another id', `UPDATE events SET id = gen_random_uuid() WHERE revision = 5`],
  ])('finds an event that was %s', async (_, statement) => {
    await logged.given(20);
    await logged.start().advance();
    await logged.tamper(statement);
    expect(await compare()).toMatchObject({
      kind: 'changed',
      signed: 20,
      from: { entry: 5, isInPlace: true },
    });
  });

  it('tells a log that was cut from one that was changed', async () => {
    await logged.given(20);
    await logged.start().advance();
    await logged.tamper('DELETE FROM events WHERE revision > 17');
    expect(await compare()).toMatchObject({ kind: 'shorter', size: 18, signed: 20, isDatabaseOlder: false });
    await expect(logged.start().advance()).rejects.toThrow('its end was cut off');
  });

  it('tells a fork, which goes on from an older copy, from an event that was changed where it stands', async () => {
    await logged.given(20);
    await logged.start().advance();
    await logged.tamper(`DELETE FROM events WHERE revision > 11; UPDATE log_head SET position = 11`);
    await logged.given(40);
    const found = await compare();
    expect(found).toMatchObject({ kind: 'changed', from: { entry: 12, isInPlace: false } });
    expect(comparisonText(found)).toMatch(/from entry 12 \(now .*\) on all is another: .* \(a fork\)$/);
    await expect(logged.start().advance()).rejects.toThrow('a fork');
  });

  it('says that a signing key was lost, and goes on with a new one when a person made it', async () => {
    await logged.given(3);
    await logged.start().advance();
    await logged.pool.query('DELETE FROM transparency_keys');
    await logged.given(1);
    await expect(logged.start().advance()).rejects.toThrow('transparency rotate-key');
    const added = readVerifierKey(await addSigner(logged.keys, new Date(), ORIGIN));
    const note = (await logged.start().advance())?.note ?? '';
    expect(openCheckpoint(note, [added]).size).toBe(4);
  });

  it('is signed under another name after a part of it was lost for good, and not under one that it had', async () => {
    await logged.given(20);
    await logged.start().advance();
    await logged.tamper(`DELETE FROM events WHERE revision > 11; UPDATE log_head SET position = 11`);
    const again = (origin: string) =>
      beginAnew(logged.pool, logged.keys, { origin, reason: 'lost', by: 'operator:ann', now: new Date() });
    await expect(again(ORIGIN)).rejects.toThrow('was signed as ledger.example/transparency before');
    const key = readVerifierKey(await again('ledger.example/second'));
    const signed = await logged.start().advance();
    expect(openCheckpoint(signed?.note ?? '', [key])).toMatchObject({
      size: 12,
      origin: 'ledger.example/second',
    });
    expect(await compare()).toEqual({ kind: 'agrees', size: 12 });
    const { rows } = await logged.pool.query('SELECT origin, size, given_up_by FROM transparency_given_up');
    expect(rows).toEqual([{ origin: ORIGIN, size: 20n, given_up_by: 'operator:ann' }]);
    await expect(again('ledger.example/second')).rejects.toThrow('before');
  });

  it('finds a checkpoint that was changed in the database', async () => {
    await logged.given(3);
    await logged.start().advance();
    await logged.pool.query(`UPDATE transparency_checkpoints SET root = sha256('x')`);
    await expect(logged.start().advance()).rejects.toThrow('it says another tree');
    await logged.pool.query(
      `UPDATE transparency_checkpoints SET note = replace(note, E'\\n3\\n', E'\\n2\\n')`,
    );
    await expect(logged.start().advance()).rejects.toThrow('is false');
  });
});
