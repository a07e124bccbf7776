import { randomUUID } from 'node:crypto';
import type { BudgetKey, HoldRequest } from '../../../src/balance/cached-balance.js';
import type { LogCheck } from './checks.js';
import type * as cachedBalanceModule from '../../../src/balance/in-process/in-process-cached-balance.js';
import type * as raiseGuardsModule from '../../../src/balance/raise-guards.js';
import type * as holdLeasesModule from '../../../src/relay/holds/hold-leases.js';
import type * as openHoldsModule from '../../../src/relay/holds/open-holds.js';

/** Enough that the key counts as busy, and a lease is there. */
const CALLS = 20;

const quiet = (): void => undefined;

/**
 * A process admits calls of a busy key out of a lease and hears nothing of its revocation, as one that is slow does. When whoever revokes the key may
 * say so, it must admit none any more.
 */
export const leasesEndWithTheirKey: LogCheck = async (ground) => {
  const { InProcessCachedBalance } = await ground.load<typeof cachedBalanceModule>(
    'balance/in-process/in-process-cached-balance.ts',
  );
  const { raiseUntilEffective } = await ground.load<typeof raiseGuardsModule>('balance/raise-guards.ts');
  const { HoldLeases } = await ground.load<typeof holdLeasesModule>('relay/holds/hold-leases.ts');
  const { OpenHolds } = await ground.load<typeof openHoldsModule>('relay/holds/open-holds.ts');
  const cache = new InProcessCachedBalance({});
  const [account, token]: BudgetKey[] = [`account:${randomUUID()}`, `token:${randomUUID()}`];
  if (!account || !token) throw new Error('no budgets');
  const loaded = { balance: 1_000_000n, position: 1n, revision: 0n };
  await cache.load([
    { ...loaded, budget: account },
    { ...loaded, budget: token, balance: 0n },
  ]);
  const holds = new OpenHolds({ cache, heartbeatMs: 60_000, onOverrun: quiet, onProblem: quiet });
  ground.until(() => Promise.resolve(holds.close()));
  const leases = new HoldLeases({
    ...{ cache, holds, contextOf: () => '{"kind":"lease"}', newId: randomUUID, onProblem: quiet },
  });
  ground.until(() => leases.stop());
  const call = (): Promise<{ readonly outcome: string }> => {
    const guards = [token, account].map((key) => ({ key, revision: 0n }));
    const like: Omit<HoldRequest, 'holdId'> = {
      ...{ budgets: [account], amount: 10n, atLeast: 10n, guards, context: '{}' },
    };
    return leases.hold({ ...like, holdId: randomUUID() });
  };

  for (let calls = 0; calls < CALLS; calls += 1) {
    if ((await call()).outcome !== 'held') return 'a call of a living key was refused';
    await new Promise(setImmediate);
  }
  if (leases.admitted === 0) throw new Error('a busy key had no lease, so that nothing is tried here');
  await raiseUntilEffective({ cache, withdraw: quiet }, [{ key: token, revision: 1n }]);
  const { outcome } = await call();
  return outcome === 'held' ? 'a call of a dead key was admitted out of a lease' : undefined;
};
