import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { describeCachedBalance } from '../../support/cached-balance-contract.js';

describeCachedBalance('in process', ({ leaseMs }) => {
  const cache = new InProcessCachedBalance({ leaseMs });
  return Promise.resolve({ cache, other: cache, close: () => cache.close() });
});
