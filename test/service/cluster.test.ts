import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createCustomer, frontEnd, succeed } from '../acceptance/support/clients.js';
import { SERVICE_KEY } from '../acceptance/support/deployment.js';
import { startService } from '../../src/compose/service.js';
import { readConfig } from '../../src/config.js';
import { eventually } from '../support/eventually.js';
import { startStandInCluster } from '../support/eventstoredb-stand-in/cluster.js';
import { createTestDatabase } from '../support/postgres.js';

const PAYERS = 8;
const PAYMENTS_EACH = 4;
const QUOTA_A_PAYMENT = 5_000;
/** A command has ten seconds; the rest is what a loaded machine may add. */
const WITHIN_MS = 20_000;
const patience = { timeoutMs: 90_000, intervalMs: 50 };

describe('a service whose log is in a cluster of three nodes', () => {
  const undo: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  }, 120_000);

  it.each(['killed', 'frozen'] as const)(
    'answers in time or says 503 and when to come again, when the leader is %s under load, and credits each payment once',
    async (how) => {
      const folder = await mkdtemp(join(tmpdir(), 'counterfoil-cluster-'));
      undo.push(() => rm(folder, { recursive: true, force: true }));
      const database = await createTestDatabase();
      undo.push(() => database.drop());
      const cluster = await startStandInCluster();
      undo.push(() => cluster.close());
      const config = readConfig({
        PORT: '0',
        DATA_DIR: folder,
        DATABASE_URL: database.url,
        EVENTSTORE_URL: cluster.connectionString,
        MASTER_KEY: randomBytes(32).toString('base64'),
        SERVICE_KEYS: SERVICE_KEY,
      });
      const service = await startService(config, pino({ level: 'silent' }), () => undefined);
      undo.push(() => service.close());
      const { id } = await createCustomer(service.url, 1);
      const refusals: (string | null)[] = [];
      let [longestMs, paid] = [0, 0];
      let lost = Promise.resolve();
      const pay = async (payment: string): Promise<boolean> => {
        const from = performance.now();
        const body = { external_user_id: id, amount_usd: 0.01, payment_id: payment };
        const { status, headers } = await frontEnd(service.url, 'POST', '/topup', body);
        longestMs = Math.max(longestMs, performance.now() - from);
        if (status === 200) return true;
        refusals.push(`${status} ${headers.get('retry-after')}`);
        return false;
      };

      await Promise.all(
        Array.from({ length: PAYERS }, async (_, payer) => {
          for (let each = 0; each < PAYMENTS_EACH; each++) {
            await eventually(() => pay(`pay-${payer}-${each}`), patience);
            paid += 1;
            if (paid === PAYERS) lost = cluster.lose(how);
          }
        }),
      );
      await lost;
      for (let payer = 0; payer < PAYERS; payer++) expect(await pay(`pay-${payer}-0`)).toBe(true);

      expect(longestMs).toBeLessThan(WITHIN_MS);
      for (const refusal of refusals) expect(refusal).toMatch(/^503 \d+$/);
      const { current_quota } = await succeed(service.url, 'GET', `/${id}`);
      expect(current_quota).toBe(500_000 + PAYERS * PAYMENTS_EACH * QUOTA_A_PAYMENT);
    },
  );
});
