import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ledger } from '../../src/compose/ledger.js';
import { ShutdownList } from '../../src/compose/shutdown.js';
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
