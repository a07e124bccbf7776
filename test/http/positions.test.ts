import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../src/commands/handling/identifiers.js';
import type { ReadModels } from '../../src/projections/read-models.js';
import { done, fakeReadModels, recordingCommands, refusedWith } from './support/fakes.js';
import { createRealLedger, type RealLedger } from './support/real-ledger.js';
import { type HttpServer, type HttpServerParts, startHttpServer } from './support/http-server.js';

// Reading what one has just caused: answers say where in the log it is, and reads wait for it.

const HEADER = 'x-counterfoil-position';
const reads = ['/u1', '/u1/stats', '/u1/logs'];

async function withServer(parts: HttpServerParts, run: (server: HttpServer) => Promise<void>): Promise<void> {
  const server = await startHttpServer(parts);
  try {
    await run(server);
  } finally {
    await server.close();
  }
}

describe('answers that append', () => {
  let ledger: RealLedger;
  beforeAll(async () => {
    ledger = await createRealLedger();
  });
  afterAll(() => ledger.close());

  it('say where it is in the log, and the same for a repetition', async () => {
    await withServer({ commands: ledger.commands, readModels: ledger.readModels }, async ({ call }) => {
      const synced = await call('POST', '/sync', { external_user_id: 'u1', username: 'u1' });
      const payment = { external_user_id: 'u1', amount_usd: 1, payment_id: 'p' };
      const credited = await call('POST', '/topup', payment);
      expect(BigInt(credited.headers.get(HEADER) ?? -1)).toBe(await ledger.head());
      expect(BigInt(synced.headers.get(HEADER) ?? -1)).toBeLessThan(await ledger.head());
      expect((await call('POST', '/topup', payment)).headers.get(HEADER)).toBe(credited.headers.get(HEADER));
      for (const path of reads) {
        const read = await call('GET', `${path}?min_position=${credited.headers.get(HEADER)}`);
        expect([read.status, read.headers.get(HEADER)]).toEqual([200, null]);
      }
    });
  });

  it('say nothing of it where they are refused', async () => {
    const { commands } = recordingCommands(() => refusedWith({ code: 'account_not_found' }));
    await withServer({ commands, readModels: fakeReadModels() }, async ({ call }) => {
      const body = { external_user_id: 'u1', amount_usd: 1, payment_id: 'p' };
      expect((await call('POST', '/topup', body)).headers.get(HEADER)).toBeNull();
    });
  });
});

describe.each(reads)('GET %s', (path) => {
  async function waitsOf(query: string, overrides: Partial<ReadModels> = {}) {
    const waits: unknown[] = [];
    const readModels = fakeReadModels({
      waitFor: async (position, ms) => waits.push([position, ms]) < 0 || true,
      waitForSettled: async (accountId, ms) => void waits.push([accountId, ms]),
      ...overrides,
    });
    const { commands } = recordingCommands(() => done({}));
    let reply: Awaited<ReturnType<HttpServer['call']>> | undefined;
    await withServer({ commands, readModels }, async ({ call }) => {
      reply = await call('GET', path + query);
    });
    return { waits, status: reply?.status, code: reply?.body.code as unknown, headers: reply?.headers };
  }

  it('waits at most half a second for what the user has settled', async () => {
    expect(await waitsOf('')).toMatchObject({ status: 200, waits: [[accountIdOf('u1'), 500]] });
  });

  it('waits for the position it is asked for, however large', async () => {
    const { waits, status } = await waitsOf('?min_position=9223372036854775807');
    expect([status, waits[0]]).toEqual([200, [9_223_372_036_854_775_807n, 5_000]]);
  });

  it('is a 504 that may be repeated where the position is not reached', async () => {
    const { status, code, headers } = await waitsOf('?min_position=7', { waitFor: async () => false });
    expect([status, code, headers?.get('retry-after')]).toEqual([504, 'position_not_reached', '1']);
  });

  it.each(['-1', 'x', '1.5', '1'.repeat(20)])('refuses the position %s', async (position) => {
    expect((await waitsOf(`?min_position=${position}`)).status).toBe(400);
  });
});
