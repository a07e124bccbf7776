import { givenAgainSource, type HeldBonus, bonusOf, moveBonus, RETURNED } from '../../domain/order/bonus.js';
import type { Order } from '../../domain/order/state.js';
import { accountDecider } from '../../domain/account/decide.js';
import { grantDecider } from '../../domain/grant/decide.js';
import { ORDINARY_PRIORITY } from '../../domain/grant/events.js';
import type { Grant, GrantState } from '../../domain/grant/state.js';
import { least } from '../../domain/money/decimal.js';
import type { Payment } from '../../domain/payment/state.js';
import { referralDecider } from '../../domain/referral/decide.js';
import { sourceOfReward } from '../../domain/referral/source.js';
import { accountStream, grantStream, referralStream } from '../../domain/streams.js';
import { grantIdOf, referralIdOf } from '../handling/identifiers.js';
import { load, type Loaded } from '../handling/load.js';
import { type PlannedWrite, writeOf } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';

/** What is given for an order beside its credit. */
interface Gift {
  readonly accountId: string;
  readonly userId: number;
  readonly kind: Grant['terms']['kind'];
  /** Where nothing of the order went back. */
  readonly quota: bigint;
  /** Its natural key, and those of what was given again. */
  readonly sourceOf: (times: number) => string;
  /** False: for now it is only taken back. */
  readonly isDue: boolean;
}

interface GiftGrant {
  readonly source: string;
  readonly grantId: string;
  readonly loaded: Loaded<GrantState>;
  /** What of it no event has burned, as far as the tables are. */
  readonly left: bigint;
}

/**
 * What is to be written so that what was given for an order follows its payment: it is given with the credit or later, withdrawn with what goes back, and
 * given again with what comes again. As often as this is asked, what is written comes to the same.
 *
 * @param payment as it is once what is written beside is written
 */
export async function giftWrites(
  dependencies: CommandDependencies,
  order: Order,
  payment: Payment,
  by: string,
): Promise<readonly PlannedWrite[]> {
  const gifts = [bonusGift(dependencies, order, payment), await rewardGift(dependencies, order)];
  const writes: PlannedWrite[] = [];
  for (const gift of gifts)
    if (gift && gift.quota > 0n) writes.push(...(await writesOf(dependencies, gift, payment, by)));
  return writes;
}

/** To whoever ordered, with the credit. */
function bonusGift({ givesGrants }: CommandDependencies, { terms }: Order, payment: Payment): Gift {
  const { account_id: accountId, user_id: userId, order_id: orderId } = terms;
  const sourceOf = (times: number) => givenAgainSource(orderId, times);
  const quota = terms.bonus_quota > 0n ? bonusOf(terms, payment) : 0n;
  return { accountId, userId, kind: 'bonus', quota, sourceOf, isDue: givesGrants };
}

/** To whoever invited them, when its time has come; to nobody who is erased, or suspended for now. */
async function rewardGift(
  { store, givesGrants, now }: CommandDependencies,
  { terms: { account_id, order_id } }: Order,
): Promise<Gift | undefined> {
  const referral = await load(store, referralStream(referralIdOf(account_id)), referralDecider);
  const earned = referral.state?.earned.get(order_id);
  if (!earned) return undefined;
  const { state: inviter } = await load(store, accountStream(earned.inviter_id), accountDecider);
  if (!inviter) throw new Error(`${earned.inviter_id} invited somebody and was never registered`);
  const { accountId, userId, erased, suspended } = inviter;
  return {
    ...{ accountId, userId, kind: 'referral', quota: earned.quota },
    sourceOf: (times) => sourceOfReward(order_id, times),
    isDue: givesGrants && !erased && !suspended && now() >= new Date(earned.due_at),
  };
}

async function writesOf(
  dependencies: CommandDependencies,
  gift: Gift,
  payment: Payment,
  by: string,
): Promise<readonly PlannedWrite[]> {
  const grants = await grantsOf(dependencies, gift.sourceOf);
  const next = grants.at(-1) as GiftGrant;
  const given = grants.slice(0, -1);
  const { give, withdraw } = moveBonus(given.map(heldOf), gift.quota, payment);
  const writes = withdraw.flatMap(({ index, quota }) => {
    const { loaded } = given[index] as GiftGrant;
    const withdrawalId = `${RETURNED}${(loaded.state?.withdrawn.size ?? 0) + 1}`;
    const decision = grantDecider.decide(
      { type: 'withdraw-part', withdrawalId, quota, holdId: null, reason: '', by },
      loaded.state,
    );
    return decision.kind === 'accepted' ? [writeOf(loaded, decision.events)] : [];
  });
  if (give === 0n || !gift.isDue) return writes;
  const { accountId, userId: user_id, kind } = gift;
  const decision = grantDecider.decide(
    {
      type: 'give',
      terms: {
        ...{ grant_id: next.grantId, account_id: accountId, user_id, quota: give, kind, source: next.source },
        ...{ priority: ORDINARY_PRIORITY, reason: '', by },
      },
      balance: await dependencies.balanceOf(accountId),
    },
    undefined,
  );
  // A balance that is at its ceiling gets nothing now; it is looked at again.
  return decision.kind === 'accepted' ? [...writes, writeOf(next.loaded, decision.events)] : writes;
}

/** Those that were given, in their order, and behind them the one that would be next. */
async function grantsOf(
  { store, leftOfGrant }: CommandDependencies,
  sourceOf: Gift['sourceOf'],
): Promise<readonly GiftGrant[]> {
  const grants: GiftGrant[] = [];
  for (let times = 0; ; times++) {
    const source = sourceOf(times);
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

const heldOf = ({ loaded, left }: GiftGrant): HeldBonus => ({
  quota: loaded.state?.terms.quota ?? 0n,
  left,
  returned: [...(loaded.state?.withdrawn ?? [])]
    .filter(([id]) => id.startsWith(RETURNED))
    .reduce((sum, [, quota]) => sum + quota, 0n),
});
