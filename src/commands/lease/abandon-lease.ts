import { leaseDecider } from '../../domain/lease/decide.js';
import type { AbandonedLease } from '../../domain/lease/state.js';
import { leaseStream } from '../../domain/streams.js';
import type { CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { load } from '../handling/load.js';
import { planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';

/** Says that the holder of a lease died: once, whoever finds it. Rejects where a server is away: it may be said again. */
export function abandonLease(
  dependencies: Pick<CommandDependencies, 'store' | 'guards' | 'newId' | 'now' | 'timings'>,
  lease: AbandonedLease,
): Promise<CommandResult<undefined>> {
  const meta = { actor: 'system', requestId: lease.lease_id };
  return handle(dependencies, 'abandon-lease', meta, async () => {
    const abandoned = await load(dependencies.store, leaseStream(lease.account_id), leaseDecider);
    return planOne(abandoned, leaseDecider.decide(lease, abandoned.state), undefined);
  });
}
