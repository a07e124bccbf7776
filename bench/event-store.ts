import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresEventStore } from '../src/eventstore/postgres/postgres-event-store.js';
import type { EventStore } from '../src/eventstore/event-store.js';
import { startEmbeddedPostgres } from '../src/postgres/embedded.js';
import { migrate } from '../src/postgres/migrate.js';
import { createPool } from '../src/postgres/pool.js';

// node --import ./test/support/typescript.mjs bench/event-store.ts [seconds]
// Durable single-event appends to streams of their own, then the whole log read back. fsync is on.

const secondsEach = Number(process.argv[2] ?? 4);
const dataDir = await mkdtemp(join(tmpdir(), 'counterfoil-bench-'));
const server = await startEmbeddedPostgres({ dataDir });
const pool = createPool({ connectionString: server.url, max: 1, applicationName: 'bench' });
await migrate(pool);
const store = createPostgresEventStore({ connectionString: server.url });

for (const concurrency of [1, 16, 64, 256]) await measureAppends(store, concurrency);
await measureRead(store);

await store.close();
await pool.end();
await server.stop();
await rm(server.dataDir, { recursive: true });

async function measureAppends(target: EventStore, concurrency: number): Promise<void> {
  const until = performance.now() + secondsEach * 1000;
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  const writer = async (): Promise<void> => {
    const stream = `usage-${randomUUID()}-202611`;
    for (let revision = -1n; performance.now() < until; revision++) {
      const started = performance.now();
      const expected = revision === -1n ? 'no-stream' : revision;
      const { outcome } = await target.append([{ stream, expected, events: [usageEvent()] }]);
      if (outcome !== 'appended') throw new Error(outcome);
      latencies.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, writer));
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const percentile = (share: number) => latencies[Math.floor(latencies.length * share)]?.toFixed(1);
  console.log(
    `${concurrency} at once: ${Math.round(latencies.length / secondsEach)} appends/s, p50 ${percentile(0.5)} ms, ` +
      `p99 ${percentile(0.99)} ms, ${Math.round((user + system) / latencies.length)} µs of CPU here an append`,
  );
}

async function measureRead(target: EventStore): Promise<void> {
  for (const limit of [500, 2_000, 10_000]) {
    const started = performance.now();
    let count = 0;
    let quota = 0n;
    for (let after = -1n; ;) {
      const page = await target.readAll({ after, limit });
      for (const { data } of page.events) quota += BigInt(data.quota as string);
      count += page.events.length;
      after = page.position;
      if (page.atEnd) break;
    }
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `reading ${count} events in pages of ${limit}: ${Math.round(count / seconds)} events/s (${quota} quota)`,
    );
  }
}

function usageEvent() {
  return {
    id: randomUUID(),
    type: 'consumption-recorded.v1',
    data: {
      accountId: '8a6f2a34-7a52-5a7c-9a4e-1f5a3d1f0e11',
      tokenId: '42',
      model: 'gpt-4o',
      usage: { plainInput: 40, cached: 60, cacheWrite: 0, output: 10 },
      ratios: { model: '1.25', completion: '4', cache: '0.5', cacheWrite: '1', group: '1' },
      priceVersion: '17',
      quota: '138',
      holdId: '5d6d1a7e-4f3b-4a53-8c39-6e2b0a9f4c11',
      channelId: 'openai-main',
      upstreamRequestId: 'chatcmpl-9zAbCdEfGhIjKlMnOp',
      basis: 'reported',
    },
    metadata: { requestId: '7b0c9c1e-1b67-4d22-8a29-2f6d0c9b1d55', at: '2026-11-21T08:43:32.000Z' },
  };
}
