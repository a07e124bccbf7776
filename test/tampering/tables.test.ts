import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FLEETING_TABLES, KEPT_TABLES, LOG_TABLES, REMADE_TABLES } from '../../src/backup/tables.js';
import { createTamperedLedger } from './tampered-ledger.js';

type Tampered = Awaited<ReturnType<typeof createTamperedLedger>>;

// Tables that are neither the log nor read models (those: test/books/verify, column by column).

/**
 * What is found of a change of each column: by a service that starts, by `verify`, and by a third party who sees the log for the first time, before
 * anybody mends it. Entries are seen by whoever reads them (docs/transparency/check.go).
 */
interface Told {
  readonly signing: 'goes on' | 'is made anew' | 'stops';
  readonly verify: 'nobody' | 'verify';
  readonly thirdParty: 'ok' | 'broken' | 'unsigned' | 'unreachable';
}
const NOTHING: Told = { signing: 'goes on', verify: 'nobody', thirdParty: 'ok' };
const NOTICED: Told = { ...NOTHING, signing: 'is made anew' };
const SPOILED: Told = { ...NOTHING, verify: 'verify' };
const REMADE: Told = { ...NOTICED, verify: 'verify' };

const columns: readonly (readonly [column: string, to: string, Told])[] = [
  ['transparency_tree.size', 'size - 1', NOTICED],
  // All that is behind it has an entry already.
  ['transparency_tree.position', 'position + 1', NOTHING],
  ['transparency_tree.event_position', 'event_position - 1', NOTICED],
  ['transparency_tree.event_stream', `event_stream || 'x'`, NOTICED],
  ['transparency_tree.event_revision', 'event_revision + 1', NOTICED],
  ['transparency_tree.event_id', 'gen_random_uuid()', NOTICED],
  ['transparency_tiles.level', 'level + 3', { ...REMADE, thirdParty: 'unreachable' }],
  ['transparency_tiles.n', 'n + 1', { ...REMADE, thirdParty: 'unreachable' }],
  [
    'transparency_tiles.hashes',
    `overlay(hashes placing '\\x00' from 1)`,
    { ...REMADE, thirdParty: 'broken' },
  ],
  ['transparency_bundles.n', 'n + 1', REMADE],
  ['transparency_bundles.first_position', 'first_position + 1', SPOILED],
  ['transparency_bundles.positions', `overlay(positions placing '\\x01' from 8)`, SPOILED],
  ['transparency_bundles.entries', `overlay(entries placing 'X' from 30)`, SPOILED],
  ['transparency_checkpoints.size', 'size - 1', { ...SPOILED, signing: 'stops' }],
  ['transparency_checkpoints.root', `overlay(root placing '\\x00' from 1)`, { ...SPOILED, signing: 'stops' }],
  // As one that a lost key has signed: it is held against the log all the same, and the next one takes its place.
  [
    'transparency_checkpoints.note',
    `replace(note, '.example', '.other')`,
    { ...NOTHING, thirdParty: 'unsigned' },
  ],
  ['transparency_checkpoints.signed_at', `signed_at + interval '1 day'`, NOTHING],
  ['transparency_checkpoints.published_at', `published_at + interval '1 day'`, NOTHING],
];

describe('tables beside the log that were tampered with', () => {
  let ledger: Tampered;
  beforeAll(async () => {
    ledger = await createTamperedLedger('postgres');
  });
  afterAll(() => ledger?.close());

  it.each(columns)('%s', async (column, to, told) => {
    await ledger.mend();
    const [table = '', name = ''] = column.split('.');
    expect(await ledger.beside(`UPDATE ${table} SET ${name} = ${to}`)).toEqual(told);
  });

  it('put back without the log are made of it again, and what is signed then is what was signed', async () => {
    await ledger.mend();
    const tables = ['tiles', 'bundles', 'checkpoints'].map((name) => `DELETE FROM transparency_${name}`);
    const older = [...tables, 'UPDATE transparency_tree SET size = 0, position = -1, event_id = NULL'];
    expect(await ledger.beside(older.join(';'))).toEqual({ ...NOTHING, thirdParty: 'unsigned' });
    expect(await ledger.thirdParty()).toBe('ok');
  });

  it('say nothing of the books where they are neither: whatever is taken out of them, figures and proofs stay', async () => {
    await ledger.mend();
    const apart = new Set([
      'ledger_instance',
      'schema_migrations',
      'transparency_keys',
      'transparency_checkpoints',
    ]);
    const others = [...KEPT_TABLES.map(({ table }) => table), ...FLEETING_TABLES].filter(
      (name) => !apart.has(name),
    );
    expect(await ledger.beside(others.map((name) => `DELETE FROM ${name}`).join(';'))).toEqual(NOTHING);
  });

  it('are all named', async () => {
    const named = [
      ...KEPT_TABLES.map(({ table }) => table),
      ...REMADE_TABLES,
      ...LOG_TABLES,
      ...FLEETING_TABLES,
    ];
    expect(await ledger.tables()).toEqual([...named].sort());
    const tried = columns.map(([column]) => column);
    const tables = [...new Set(tried.map((column) => column.split('.')[0] ?? ''))];
    expect(await ledger.columns(tables)).toEqual([...tried].sort());
  });
});
