import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createCustomer } from '../acceptance/support/clients.js';
import { SERVICE_KEY } from '../acceptance/support/deployment.js';
import { counterfoil } from '../support/counterfoil.js';
import { eventually } from '../support/eventually.js';
import { openEventStoreDb } from '../support/eventstoredb-processes.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ServiceProcess } from '../support/service-process.js';
import { ledgerEnvironment } from './ledger-environment.js';

const PRELOAD = fileURLToPath(new URL('../torture/cluster/preload.mjs', import.meta.url));
const TWO_HOURS_MS = 7_200_000;
const patience = { timeoutMs: 60_000, intervalMs: 50 };

describe.each(['PostgreSQL', 'EventStoreDB'] as const)(
  'a process whose clock is wrong, with the log in %s',
  (kind) => {
    let folder: string;
    let database: TestDatabase;
    let environment: Record<string, string>;
    const undo: (() => Promise<unknown>)[] = [];

    const setClock = (aheadMs: number) =>
      writeFile(environment.TORTURE_CONTROL as string, JSON.stringify({ clockOffsetMs: aheadMs }));
    const start = (): ServiceProcess => {
      const service = new ServiceProcess(environment, ['--import', PRELOAD]);
      undo.push(() => service.kill());
      return service;
    };
    const topUp = (url: string, userId: string, paymentId: string) =>
      fetch(`${url}/api/user/external/topup`, {
        method: 'POST',
        headers: { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({ external_user_id: userId, amount_usd: 1, payment_id: paymentId }),
      });

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'counterfoil-clock-'));
      database = await createTestDatabase();
      environment = {
        ...ledgerEnvironment(database, folder),
        TORTURE_CONTROL: join(folder, 'control.json'),
      };
      await setClock(0);
      if (kind === 'PostgreSQL') return;
      const eventStoreDb = await openEventStoreDb();
      undo.push(() => eventStoreDb.close());
      environment.EVENTSTORE_URL = eventStoreDb.connectionString;
    }, 120_000);

    afterEach(async () => {
      for (const step of undo.splice(0).reverse()) await step();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    }, 120_000);

    it('writes nothing while it is off, and goes on when it is right', async () => {
      const url = await start().ready();
      const { id } = await createCustomer(url, 1);
      for (const aheadMs of [TWO_HOURS_MS, -TWO_HOURS_MS]) {
        await setClock(aheadMs);
        await eventually(async () => {
          const answer = await fetch(`${url}/readyz`);
          expect(answer.status).toBe(503);
          expect(await answer.text()).toContain(`it is 2 h 0 min ${aheadMs > 0 ? 'ahead' : 'behind'}`);
        }, patience);
        expect((await topUp(url, id, `pi_while_wrong_${aheadMs}`)).status).toBe(503);
        await setClock(0);
        await eventually(async () => {
          expect((await topUp(url, id, `pi_when_right_${aheadMs}`)).status).toBe(200);
          // Calls as well: what looks whether the log is back does not wait for the time it was.
          expect((await fetch(`${url}/readyz`)).status).toBe(200);
        }, patience);
      }
      expect(await counterfoil(['verify'], environment)).toMatchObject({ code: 0 });
    }, 120_000);

    it('does not start, and says what is to be done', async () => {
      await setClock(TWO_HOURS_MS);
      const service = start();
      expect(await service.exited()).not.toBe(0);
      expect(service.output).toContain("differs from the database's: it is 2 h 0 min ahead");
      expect(service.output).toContain('set the clock of whichever machine is wrong');
    }, 120_000);
  },
);
