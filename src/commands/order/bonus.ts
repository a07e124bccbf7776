import { bonusOf, givenAgainSource, type HeldBonus, moveBonus, RETURNED } from '../../domain/order/bonus.js';
import type { Order } from '../../domain/order/state.js';
import { grantDecider } from '../../domain/grant/decide.js';
import { ORDINARY_PRIORITY } from '../../domain/grant/events.js';
import type { GrantState } from '../../domain/grant/state.js';
import { least } from '../../domain/money/decimal.js';
import type { Payment } from '../../domain/payment/state.js';
import { grantStream } from '../../domain/streams.js';
import { grantIdOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import { type PlannedWrite, writeOf } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';

interface BonusGrant {
  readonly source: string;
  readonly grantId: string;
  readonly loaded: Loaded<GrantState>;
  /** What of it no event has burned, as far as the tables are. */
  readonly left: bigint;
}

/**
 * What is to be written so that the bonus of an order follows its payment: it is given with the credit, withdrawn with what goes back, and given
 * again with what comes again. As often as this is asked, what is written comes to the same.
 *
 * @param payment as it is once what is written beside is written
 */
export async function bonusWrites(
  dependencies: CommandDependencies,
  { terms }: Order,
  payment: Payment,
  by: string,
): Promise<readonly PlannedWrite[]> {
  if (terms.bonus_quota <= 0n) return [];
  const grants = await bonusGrants(dependencies, terms.order_id);
  const next = grants.at(-1) as BonusGrant;
  const given = grants.slice(0, -1);
  const bonus = bonusOf(terms, payment);
  const { give, withdraw } = moveBonus(given.map(heldOf), bonus, payment);
  const writes = withdraw.flatMap(({ index, quota }) => {
    const { loaded } = given[index] as BonusGrant;
    const withdrawalId = `${RETURNED}${(loaded.state?.withdrawn.size ?? 0) + 1}`;
    const decision = grantDecider.decide(
      { type: 'withdraw-part', withdrawalId, quota, holdId: null, reason: '', by },
      loaded.state,
    );
    return decision.kind === 'accepted' ? [writeOf(loaded, decision.events)] : [];
  });
  if (give === 0n || !dependencies.givesGrants) return writes;
  const { account_id, user_id } = terms;
  const decision = grantDecider.decide(
    {
      type: 'give',
      terms: {
        ...{ grant_id: next.grantId, account_id, user_id, quota: give, kind: 'bonus', source: next.source },
        ...{ priority: ORDINARY_PRIORITY, reason: '', by },
      },
      balance: await dependencies.balanceOf(account_id),
    },
    undefined,
  );
  // A balance that is at its ceiling gets no bonus now; it is looked at again.
  return decision.kind === 'accepted' ? [...writes, writeOf(next.loaded, decision.events)] : writes;
}

/** Those that were given, in their order, and behind them the one that would be next. */
async function bonusGrants(
  { store, leftOfGrant }: CommandDependencies,
  orderId: string,
): Promise<readonly BonusGrant[]> {
  const grants: BonusGrant[] = [];
  for (let times = 0; ; times++) {
    const source = givenAgainSource(orderId, times);
    const grantId = grantIdOf(source);
    const loaded = await load(store, grantStream(grantId), grantDecider);
    const { state } = loaded;
    const left = state ? leftOf(state, await leftOfGrant(grantId)) : 0n;
    grants.push({ source, grantId, loaded, left });
    if (!state) return grants;
  }
}

/** The tables may not have what the stream says was withdrawn. */
function leftOf(
  { terms, closed, withdrawn }: NonNullable<GrantState>,
  inTables: { readonly left: bigint; readonly withdrawn: bigint } | undefined,
): bigint {
  if (closed) return 0n;
  const taken = [...withdrawn.values()].reduce((sum, quota) => sum + quota, 0n);
  const left = inTables ? inTables.left + inTables.withdrawn - taken : terms.quota - taken;
  return left > 0n ? least(left, terms.quota) : 0n;
}

const heldOf = ({ loaded, left }: BonusGrant): HeldBonus => ({
  quota: loaded.state?.terms.quota ?? 0n,
  left,
  returned: [...(loaded.state?.withdrawn ?? [])]
    .filter(([id]) => id.startsWith(RETURNED))
    .reduce((sum, [, quota]) => sum + quota, 0n),
});
