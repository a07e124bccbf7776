import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/postgres/embedded.js';
import { createPool } from '../../src/postgres/pool.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { verifyBooks } from '../../src/books/verify/verify-books.js';
import { SERVICE_KEY } from '../acceptance/support/deployment.js';
import { eventually } from '../support/eventually.js';
import { ServiceProcess } from '../support/service-process.js';

export interface Relay {
  readonly url: string;
  /** What does not add up; empty where all does. */
  verify(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** The whole service as it is built, on a PostgreSQL of its own, with these channels; each has the model of its name. */
export async function startRelay(channels: readonly (object & { readonly name: string })[]): Promise<Relay> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-clients-'));
  // PostgreSQL does not run as root: whoever it runs as must get to its files.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const file = join(folder, 'bootstrap.json');
  const prices = channels.map(({ name: model }) => ({
    model,
    model_ratio: 1,
    completion_ratio: 1,
    cache_ratio: 0.5,
    max_output_tokens: 64_000,
  }));
  await writeFile(file, JSON.stringify({ prices, channels }));
  const service = new ServiceProcess({
    DATABASE_URL: postgres.url,
    MASTER_KEY: randomBytes(32).toString('base64'),
    SERVICE_KEYS: SERVICE_KEY,
    BOOTSTRAP_FILE: file,
    DATA_DIR: join(folder, 'service'),
  });
  const pool = createPool({ connectionString: postgres.url, max: 4, applicationName: 'clients' });
  const store = createPostgresEventStore({ connectionString: postgres.url });
  const close = async () => {
    await service.kill();
    await store.close();
    await pool.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = await service.ready();
    await eventually(async () => (await fetch(`${url}/readyz`)).ok, { timeoutMs: 30_000, intervalMs: 50 });
    return { url, close, verify: () => differences(store, pool) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** When all that happened is in the read models. */
async function differences(
  store: ReturnType<typeof createPostgresEventStore>,
  pool: ReturnType<typeof createPool>,
): Promise<readonly unknown[]> {
  const head = await store.head();
  const verified = await eventually(async () => {
    const verification = await verifyBooks({ store, pool });
    return verification.position >= head && verification;
  });
  if (!verified) return ['the read models did not reach the end of the log'];
  return verified.checks.filter((check) => check.differences.length > 0);
}
