import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { closeNow } from '../../src/books/liability/close-liability.js';
import { startEmbeddedPostgres } from '../../src/postgres/embedded.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createPool } from '../../src/postgres/pool.js';
import { ddl } from '../../src/projections/journal/table.js';
import { schemaOf } from '../../src/projections/runtime/projection.js';
import type { LogQuery, RecordedEvent } from '../../src/eventstore/event-store.js';
import { checkpointText } from '../../src/transparency/checkpoint.js';
import { keepCheckpoint } from '../../src/transparency/checkpoint-tables.js';
import { issueReceipt } from '../../src/transparency/issue-receipt.js';
import { createLeafMaker } from '../../src/transparency/leaf-entry.js';
import { createAccountSalts } from '../../src/transparency/liability/account-salts.js';
import { accountMark, SUMS } from '../../src/transparency/liability/sum-tree.js';
import { findLeaf, sumTileReader } from '../../src/transparency/liability/sum-tables.js';
import { LogTree } from '../../src/transparency/log-tree.js';
import { privateKeyOf } from '../../src/transparency/note-keys.js';
import { Prover } from '../../src/transparency/proofs.js';
import { createSigner, noteText } from '../../src/transparency/signed-note.js';

// What proofs cost where there is much to prove, on a PostgreSQL of its own.
//   npm run bench:proofs -- receipts 10000000   a tree of so many events in the tables, which no log is read for, and receipts of it
//   npm run bench:proofs -- balances 1000000    a closing of so many accounts, of which each was moved twice, and proofs of it
const [what = 'receipts', amount = '1000000'] = process.argv.slice(2);
const COUNT = Number(amount);
const PROOFS = 500;
const KEY = Buffer.alloc(32, 1);

const dataDir = await mkdtemp(join(tmpdir(), 'counterfoil-bench-'));
const server = await startEmbeddedPostgres({ dataDir });
const pool = createPool({ connectionString: server.url, max: 2, applicationName: 'bench' });
try {
  await migrate(pool);
  await (what === 'balances' ? balances(pool) : receipts(pool));
  const [load = 0] = loadavg();
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`peak memory ${megabytes} MB, load average ${load.toFixed(0)}`);
} finally {
  await pool.end();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function receipts(db: pg.Pool): Promise<void> {
  const leaves = createLeafMaker(KEY);
  const store = { readAll: (query: LogQuery) => Promise.resolve(pageOf(query)) };
  const tree = new LogTree({ pool: db, store, leaves, isOfLogAlone: () => false });
  const filled = stopwatch();
  const { size, root } = await tree.advance(() => Promise.resolve());
  const [wall, processor] = filled();
  console.log(
    `${size} events: ${wall.toFixed(0)} s, ${Math.round(size / wall)} a second; of this process ${Math.round(size / processor)} a second of processor`,
  );
  const signer = createSigner('bench.example', privateKeyOf(KEY));
  const text = checkpointText({ origin: 'bench.example', size, root });
  const note = noteText({ text, signatures: [signer.sign(text)] });
  await keepCheckpoint(db, { size, root, note, signedAt: new Date() });
  await timed('receipts', async () => {
    const issued = await issueReceipt(db, leaves, eventAt(Math.floor(Math.random() * size)));
    if (issued.kind !== 'receipt') throw new Error(issued.kind);
  });
}

function pageOf({ after, limit }: LogQuery) {
  const first = Number(after) + 1;
  const events = Array.from({ length: Math.max(0, Math.min(limit, COUNT - first)) }, (_, place) =>
    eventAt(first + place),
  );
  return { events, position: BigInt(first + events.length - 1), atEnd: first + events.length >= COUNT };
}

function eventAt(index: number): RecordedEvent {
  return {
    id: uuidOf(index),
    stream: 'usage-f7b4c5f5-9f0e-5d55-8e6e-2f1f4b9a3c11-202611-0c',
    revision: BigInt(index),
    type: 'consumption-recorded.v5',
    position: BigInt(index),
    recordedAt: new Date(1_795_000_000_000 + index),
    data: {},
    metadata: {},
    dataText: `{"call":"${index}","usage":"${'x'.repeat(700)}"}`,
    metadataText: '{"actor":"relay"}',
  };
}

function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

async function balances(db: pg.Pool): Promise<void> {
  const salts = createAccountSalts(KEY);
  await fillJournal(db);
  const closed = stopwatch();
  const { asOf } = await closeNow(
    {
      pool: db,
      salts,
      store: { readStream: () => Promise.resolve([]), head: () => Promise.resolve(0n) },
      timeZone: 'UTC',
      now: () => new Date(),
      commit: () => Promise.resolve(),
    },
    0n,
  );
  const [wall, processor] = closed();
  const [kept] = (
    await db.query<{ megabytes: string }>(
      `SELECT round((pg_total_relation_size('liability_leaves') + pg_total_relation_size('liability_tiles')) / 1e6) AS megabytes`,
    )
  ).rows;
  console.log(
    `${COUNT} accounts: ${wall.toFixed(0)} s, of this process ${processor.toFixed(0)} s of processor; ${kept?.megabytes} MB of tables`,
  );
  const name = { asOf, side: 'owed' as const };
  await timed('proofs of balances', async () => {
    const accountId = uuidOf(Math.floor(Math.random() * COUNT));
    const leaf = await findLeaf(db, name, accountMark(salts(asOf, accountId), accountId));
    if (!leaf) throw new Error('no leaf');
    await new Prover(COUNT, sumTileReader(db, name), SUMS).inclusion(leaf.place);
  });
}

async function fillJournal(db: pg.Pool): Promise<void> {
  const schema = schemaOf('journal');
  const entries = 2 * COUNT;
  const slowly = (text: string) => db.query({ text, query_timeout: 3_600_000 } as pg.QueryConfig);
  await slowly(`ALTER ROLE CURRENT_USER SET statement_timeout = 0`);
  await slowly(`CREATE SCHEMA ${schema}; ${ddl(schema)}`);
  for (let from = 0; from < entries; from += 200_000) {
    const series = `generate_series(${from}, ${Math.min(entries, from + 200_000) - 1}) i`;
    await slowly(
      `INSERT INTO ${schema}.entries
       SELECT i, now(), 'payment-credited.v3', ('00000000-0000-4000-8000-' || lpad(to_hex(i % ${COUNT}), 12, '0'))::uuid, i,
              'asset:payments', 100, -100 FROM ${series}`,
    );
  }
  await slowly(
    `INSERT INTO transparency_bundles (n, first_position, positions, entries)
     SELECT i / 256, min(i), string_agg(int8send(i::bigint), '' ORDER BY i), ''
     FROM generate_series(0, ${entries - 1}) i GROUP BY i / 256`,
  );
  await slowly(`UPDATE transparency_tree SET size = ${entries}, position = ${entries}`);
  await slowly(
    `INSERT INTO projection_checkpoints (projection, slot, version, position) VALUES ('journal', 'live', '3', ${entries})`,
  );
}

async function timed(name: string, run: () => Promise<void>): Promise<void> {
  const took: number[] = [];
  for (let time = 0; time < PROOFS; time += 1) {
    const startedMs = performance.now();
    await run();
    took.push(performance.now() - startedMs);
  }
  took.sort((one, other) => one - other);
  const at = (share: number) => (took[Math.floor(share * (PROOFS - 1))] ?? 0).toFixed(1);
  console.log(
    `${PROOFS} ${name}: median ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms, longest ${at(1)} ms`,
  );
}

/** @returns seconds that have passed, and seconds of the processor of this process */
function stopwatch(): () => readonly [number, number] {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return [(performance.now() - startedMs) / 1_000, (user + system) / 1e6];
  };
}
