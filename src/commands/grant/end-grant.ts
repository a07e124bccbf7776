import { grantDecider } from '../../domain/grant/decide.js';
import type { Grant, GrantState } from '../../domain/grant/state.js';
import { encodeHoldContext } from '../../domain/hold/hold-context.js';
import { least } from '../../domain/money/decimal.js';
import { grantStream } from '../../domain/streams.js';
import type { CommandResult, Handler } from '../handling/command.js';
import { handle, whileAvailable } from '../handling/handle.js';
import { holdIdOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import { planOne, refused } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { GrantCommands, GrantGiven } from './commands.js';

/**
 * Nothing is held twice for one grant: the hold of its closing stays until what was left is taken, whoever dies in between, because the
 * stream names it.
 */
export function closeGrant(dependencies: CommandDependencies): Handler<GrantCommands['closeGrant']> {
  return async ({ grantId, why, reason }, meta) => {
    const held = new Set<string>();
    let named: string | null = null;
    const result = await handle(dependencies, 'close-grant', meta, async () => {
      const grant = await loadGrant(dependencies, grantId);
      if (!grant.state) return refused({ code: 'grant_not_found' });
      const { account_id: accountId, quota } = grant.state.terms;
      named = null;
      if (!grant.state.closed) {
        const left = least((await dependencies.leftOfGrant(grantId))?.left ?? quota, quota);
        if (left > 0n) {
          named = dependencies.newId();
          held.add(named);
          const hold = await reserve(dependencies, grant.state, named, left);
          if (!hold.ok) return refused({ code: 'grant_exceeds_balance', ...shortOf(hold) });
        }
      }
      const decision = grantDecider.decide(
        {
          ...{ type: 'close', why, holdId: named, by: meta.actor },
          reason: await dependencies.vault.sealText(accountId, reason),
        },
        grant.state,
      );
      return planOne(grant, decision, valueOf(grant.state));
    });
    await keepOnly(dependencies, held, result.ok && !result.replayed ? named : null);
    return result;
  };
}

/** What an overtaken decision held, or one that was refused, is free again; who takes what is left finds the other one by its name. */
async function keepOnly(
  { reservations, timings }: CommandDependencies,
  held: ReadonlySet<string>,
  kept: string | null,
): Promise<void> {
  for (const holdId of held)
    if (holdId === kept) reservations.abandon(holdId);
    else await whileAvailable(timings, () => reservations.release(holdId));
}

/**
 * Takes what is left. The hold of its closing carries it; where a cache was lost with it, no more is taken than the account has, and the
 * rest pays what was spent instead.
 */
export function endGrant(dependencies: CommandDependencies): Handler<GrantCommands['endGrant']> {
  return async ({ grantId, left }, meta) => {
    let taken: { readonly holdId: string; readonly quota: bigint } | undefined;
    const result: CommandResult<GrantGiven> = await handle(dependencies, 'end-grant', meta, async () => {
      const grant = await loadGrant(dependencies, grantId);
      if (!grant.state?.closed) return refused({ code: 'grant_not_found' });
      const holdId = grant.state.closed.hold_id ?? holdIdOf(grant.stream, left);
      const quota = grant.state.isOver ? 0n : await holdWhatIsThere(dependencies, grant.state, holdId, left);
      taken = grant.state.isOver ? undefined : { holdId, quota };
      const decision = grantDecider.decide({ type: 'end', quota, holdId, by: meta.actor }, grant.state);
      return planOne(grant, decision, valueOf(grant.state));
    });
    const { reservations, timings } = dependencies;
    if (result.ok && taken) {
      const settled = { ...taken, position: result.position };
      await whileAvailable(timings, () => reservations.settle(settled));
    }
    return result;
  };
}

async function holdWhatIsThere(
  dependencies: CommandDependencies,
  grant: Grant,
  holdId: string,
  left: bigint,
): Promise<bigint> {
  if (left === 0n) return 0n;
  const hold = await reserve(dependencies, grant, holdId, left);
  if (hold.ok) return left;
  const { available } = shortOf(hold);
  if (available <= 0n) return 0n;
  return (await reserve(dependencies, grant, holdId, available)).ok ? available : 0n;
}

const reserve = (
  { reservations }: CommandDependencies,
  { terms: { account_id: accountId, grant_id } }: Grant,
  holdId: string,
  quota: bigint,
) => {
  const context = encodeHoldContext({ kind: 'grant', stream: grantStream(grant_id) });
  return reservations.reserve({ accountId, holdId, quota, context });
};

const shortOf = ({ needed, available }: { readonly needed: bigint; readonly available: bigint }) => ({
  needed,
  available,
});

const loadGrant = ({ store }: CommandDependencies, grantId: string): Promise<Loaded<GrantState>> =>
  load(store, grantStream(grantId), grantDecider);

const valueOf = ({ terms: { account_id: accountId, grant_id: grantId, quota } }: Grant): GrantGiven => ({
  accountId,
  grantId,
  quota,
});
