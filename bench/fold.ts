import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeHistory } from '../src/cli/generate/history.js';
import { writeHistory } from '../src/cli/generate/write-history.js';
import { BEFORE_FIRST, type RecordedEvent } from '../src/eventstore/event-store.js';
import { createPostgresEventStore } from '../src/eventstore/postgres/postgres-event-store.js';
import { readLog } from '../src/eventstore/read-log.js';
import { startEmbeddedPostgres } from '../src/postgres/embedded.js';
import { migrate } from '../src/postgres/migrate.js';
import { createPool } from '../src/postgres/pool.js';
import { movementOf } from '../src/projections/movement.js';
import { decodeForTables } from '../src/projections/runtime/decode-event.js';

// Balances folded from the embedded event store, every event decoded and checked, beside JSON.parse and a fold of the same events
// in memory, unchecked. The two take turns. Target: at least a third of it, and at least 150,000 events/s on an idle machine.
//   node --import ./test/support/typescript.mjs bench/fold.ts [events] [rounds]

const EVENTS = Number(process.argv[2] ?? 100_000);
const ROUNDS = Number(process.argv[3] ?? 5);
const IN_MEMORY = Math.min(EVENTS, 100_000);

const dataDir = await mkdtemp(join(tmpdir(), 'counterfoil-bench-'));
const server = await startEmbeddedPostgres({ dataDir });
const pool = createPool({ connectionString: server.url, max: 1, applicationName: 'bench' });
await migrate(pool);
const store = createPostgresEventStore({ connectionString: server.url });
const from = new Date('2026-01-01T00:00:00Z');
await writeHistory(
  store,
  makeHistory({ seed: 'bench', accounts: EVENTS / 50, events: EVENTS, from }),
  () => undefined,
);

const texts: string[] = [];
for await (const { events } of readLog(store, { after: -1n }))
  for (const { type, data } of events)
    if (texts.length < IN_MEMORY) texts.push(JSON.stringify({ type, data }));

const rates = { store: [] as number[], memory: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  rates.store.push(await rateOf(EVENTS, foldStore));
  rates.memory.push(await rateOf(texts.length, foldMemory));
}
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const [stored, parsed] = [median(rates.store), median(rates.memory)];
console.log(`events ${EVENTS}, rounds ${ROUNDS}, medians (least to most)`);
console.log(`fold from the embedded store: ${tell(stored, rates.store)} events/s`);
console.log(`JSON.parse and fold in memory: ${tell(parsed, rates.memory)} events/s`);
console.log(
  `ratio ${(stored / parsed).toFixed(2)} (target 0.33); memory ${process.memoryUsage().rss >> 20} MB`,
);

await store.close();
await pool.end();
await server.stop();
await rm(dataDir, { recursive: true });

function tell(value: number, all: number[]): string {
  return `${value} (${all[0] ?? 0} to ${all.at(-1) ?? 0})`;
}

async function rateOf(events: number, run: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return Math.round(events / ((performance.now() - startedMs) / 1_000));
}

async function foldStore(): Promise<Map<string, bigint>> {
  const balances = new Map<string, bigint>();
  const onEvent = (recorded: RecordedEvent): void => {
    const movement = movementOf(decodeForTables(recorded));
    if (movement) add(balances, movement.accountId, movement.amount);
  };
  for (let after = BEFORE_FIRST; ;) {
    const page = await store.readAll({ after, limit: 10_000, onEvent });
    if (page.atEnd) return balances;
    after = page.position;
  }
}

function foldMemory(): Promise<Map<string, bigint>> {
  const balances = new Map<string, bigint>();
  for (const text of texts) {
    const { type, data } = JSON.parse(text) as Pick<RecordedEvent, 'type' | 'data'>;
    if (typeof data.account_id !== 'string' || typeof data.quota !== 'string') continue;
    const credit = type.startsWith('payment-credited') || type.startsWith('balance-adjusted');
    add(balances, data.account_id, credit ? BigInt(data.quota) : -BigInt(data.quota));
  }
  return Promise.resolve(balances);
}

function add(balances: Map<string, bigint>, accountId: string, amount: bigint): void {
  balances.set(accountId, (balances.get(accountId) ?? 0n) + amount);
}
