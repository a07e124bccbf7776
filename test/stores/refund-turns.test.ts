import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresRefundTurns } from '../../src/reactions/payments/refund-turns.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('turns at a refund', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  /** Whoever has a turn has had it for too long, by the clock of the database. */
  const endAll = () =>
    database.pool.query("UPDATE payment_refund_turns SET until_at = clock_timestamp() - interval '1 second'");
  const turns = () => new PostgresRefundTurns(database.pool);
  const stillMine = 'still mine';

  it('are of one process at a time, and whoever comes meanwhile goes away', async () => {
    await turns().alone('rf_1', async () => {
      expect(await turns().alone('rf_1', () => Promise.resolve(stillMine))).toBeUndefined();
      expect(await turns().alone('rf_2', () => Promise.resolve(stillMine))).toBe(stillMine);
    });
    expect(await turns().alone('rf_1', () => Promise.resolve(stillMine))).toBe(stillMine);
  });

  it('pass on when they took too long, and whoever had one is told so', async () => {
    await turns().alone('rf_1', async (first) => {
      expect(await first.keep()).toBe(true);
      await endAll();
      await turns().alone('rf_1', async (second) => {
        expect(await first.keep()).toBe(false);
        expect(await second.keep()).toBe(true);
      });
      expect(await first.keep()).toBe(false);
    });
  });

  it('are kept for as long again, where nobody has come meanwhile', async () => {
    await turns().alone('rf_1', async (first) => {
      await endAll();
      expect(await first.keep()).toBe(true);
      expect(await turns().alone('rf_1', () => Promise.resolve(stillMine))).toBeUndefined();
    });
  });

  it('that passed on are not ended by whoever had them before', async () => {
    let second: Promise<unknown> = Promise.resolve();
    let letGo: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => (letGo = resolve));
    await turns().alone('rf_1', async () => {
      await endAll();
      await new Promise<void>((began) => {
        second = turns().alone('rf_1', async (turn) => {
          began();
          await waits;
          expect(await turn.keep()).toBe(true);
        });
      });
    });
    expect(await turns().alone('rf_1', () => Promise.resolve(stillMine))).toBeUndefined();
    letGo();
    await second;
  });
});
