import { tokenStream } from '../../domain/streams.js';
import { tokenDecider } from '../../domain/token/decide.js';
import { load } from './load.js';
import { type PlannedWrite, revisionAfter, writeOf } from './plan.js';
import type { CommandDependencies, GuardRaise } from './ports.js';

/** What revokes the tokens that are not revoked yet, and the guards that make every copy of any of them stale. */
export async function revocationsOf(
  dependencies: Pick<CommandDependencies, 'store'>,
  tokenIds: readonly number[],
  by: string,
): Promise<{ readonly writes: readonly PlannedWrite[]; readonly guards: readonly GuardRaise[] }> {
  const tokens = await Promise.all(
    tokenIds.map((tokenId) => load(dependencies.store, tokenStream(tokenId), tokenDecider)),
  );
  const writes: PlannedWrite[] = [];
  const guards: GuardRaise[] = [];
  for (const token of tokens) {
    if (!token.state) continue;
    const { tokenId, accountId } = token.state;
    const decision = tokenDecider.decide({ type: 'revoke', accountId, by }, token.state);
    const write = writeOf(token, decision.kind === 'accepted' ? decision.events : []);
    writes.push(write);
    guards.push({ key: `token:${tokenId}`, revision: revisionAfter(write) });
  }
  return { writes, guards };
}
