import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ledger } from '../../src/compose/ledger.js';
import { ShutdownList } from '../../src/compose/shutdown.js';
import { createReservations } from '../../src/compose/reservations.js';
import { openHolding } from '../../src/compose/write-side.js';
import { CacheUnavailable } from '../../src/balance/cached-balance.js';
import { InProcessCachedBalance } from '../../src/balance/in-process/in-process-cached-balance.js';
import { holdOrLoad } from '../../src/projections/balance/load.js';
import { createLogger } from '../../src/support/logger.js';
import { createLedger, type Ledger as ReadSide } from '../projections/projector-setup.js';
import { requestOf } from '../support/cached-balance-contract/subject.js';
import { ACCOUNT_ID, anEvent, append } from '../support/events.js';

const log = createLogger('silent');
const WHOLE_BALANCE = requestOf([`account:${ACCOUNT_ID}`], 5_000_000n);

describe('a process that starts on tables that are behind the log', () => {
  let ledger: ReadSide;
  let shutdown: ShutdownList;
  let cache: InProcessCachedBalance;
  beforeEach(async () => {
    ledger = await createLedger();
    const projector = await ledger.start();
    await ledger.given(anEvent('account-registered'), anEvent('payment-credited'));
    await projector.stop();
    await append(ledger.store, anEvent('consumption-recorded'));
    shutdown = new ShutdownList(log);
    cache = new InProcessCachedBalance({});
  });
  afterEach(async () => {
    await shutdown.run();
    await ledger.close();
  });

  it('lets nothing be held before they have what was charged', async () => {
    const { store, database, waiter } = ledger;
    const { loader } = openHolding({ cache, store, database, waiter, log, shutdown } as unknown as Ledger);
    await expect(holdOrLoad(cache, loader, WHOLE_BALANCE)).rejects.toThrow(CacheUnavailable);

    await ledger.start({ cachedBalance: cache });
    await expect(holdOrLoad(cache, loader, WHOLE_BALANCE)).resolves.toMatchObject({
      outcome: 'insufficient',
      available: 4_999_973n,
    });
  });
});

describe('what is taken back of a credit that the balance has not heard of', () => {
  it('is refused for now, waited for where it comes, and short only where it is', async () => {
    const ledger = await createLedger();
    const shutdown = new ShutdownList(log);
    const cache = new InProcessCachedBalance({});
    const { store, database, waiter } = ledger;
    const holding = openHolding({ cache, store, database, waiter, log, shutdown } as unknown as Ledger);
    const reservations = createReservations({ cache, waiter, ...holding, closeLeasesOf: () => undefined });
    const reserve = (holdId: string, quota: bigint, creditedAt: bigint) =>
      reservations.reserve({ accountId: ACCOUNT_ID, holdId, quota, context: '{}', creditedAt });
    const projector = await ledger.start({ cachedBalance: cache });
    await ledger.given(anEvent('account-registered'));
    expect(await reserve('hold-1', 1n, 0n)).toMatchObject({ ok: false, available: 0n });
    await projector.stop();

    const creditedAt = await append(store, anEvent('payment-credited'));
    await expect(reserve('hold-2', 5_000_000n, creditedAt)).rejects.toThrow(CacheUnavailable);
    const waiting = reserve('hold-3', 5_000_000n, creditedAt);
    await ledger.start({ cachedBalance: cache });
    expect(await waiting).toEqual({ ok: true });
    expect(await reserve('hold-4', 1n, creditedAt)).toMatchObject({ ok: false, available: 0n });
    await shutdown.run();
    await ledger.close();
  });
});
