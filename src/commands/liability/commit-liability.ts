import { liabilityDecider } from '../../domain/liability/decide.js';
import type { CommittedLiability } from '../../domain/liability/state.js';
import { liabilityStream } from '../../domain/streams.js';
import type { CommandResult } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { load } from '../handling/load.js';
import { planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';

/** Says what is owed to all accounts as of a day, or an instant: once, whoever says it at the same time. @throws LedgerUnavailable */
export function commitLiability(
  dependencies: Pick<CommandDependencies, 'store' | 'guards' | 'newId' | 'now' | 'timings'>,
  committed: CommittedLiability,
  requestId: string,
): Promise<CommandResult<undefined>> {
  return handle(dependencies, 'commit-liability', { actor: 'system', requestId }, async () => {
    const said = await load(dependencies.store, liabilityStream, liabilityDecider);
    return planOne(said, liabilityDecider.decide(committed, said.state), undefined);
  });
}
