import { accountDecider } from '../../domain/account/decide.js';
import { grantDecider } from '../../domain/grant/decide.js';
import { ALL, type Grant } from '../../domain/grant/state.js';
import { accountStream, grantStream } from '../../domain/streams.js';
import { sourceOfPeriod, type SubscribedPeriod } from '../../domain/subscription/state.js';
import { closeGrant } from '../grant/end-grant.js';
import { giveGrant } from '../grant/give-grant.js';
import type { CommandMeta, CommandResult, Handler } from '../handling/command.js';
import { grantIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { lastPosition } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { SubscriptionCommands } from './commands.js';
import { loadSubscription } from './load-subscription.js';

/**
 * What a period gives is a grant under its own key, so that no number of processes gives it twice. Where its money goes back, that grant is withdrawn;
 * where it comes again, so does exactly what was taken, under the next key.
 */
export function settlePeriod(
  dependencies: CommandDependencies,
): Handler<SubscriptionCommands['settlePeriod']> {
  return async ({ subscriptionId, period: number }, meta) => {
    const subscription = await loadSubscription(dependencies, subscriptionId);
    const period = subscription.state?.periods.find(({ terms }) => terms.period === number);
    if (!period) return { ok: false, refusal: { code: 'subscription_not_found' } };
    const given = await newestGrant(dependencies, period);
    const done = await (period.causes.size > 0
      ? withdraw(dependencies, period, given?.grant, meta)
      : give(dependencies, period, given, meta));
    const value = { subscriptionId };
    if (!done) return { ok: true, value, position: lastPosition(subscription), replayed: true };
    return done.ok ? { ...done, value } : done;
  };
}

interface Given {
  readonly grant: Grant;
  /** Which of its keys it has. */
  readonly times: number;
}

async function newestGrant(
  { store }: CommandDependencies,
  period: SubscribedPeriod,
): Promise<Given | undefined> {
  for (let times = period.timesRestored; times >= 0; times--) {
    const grantId = grantIdOf(sourceOfPeriod(period, times));
    const { state: grant } = await load(store, grantStream(grantId), grantDecider);
    if (grant) return { grant, times };
  }
  return undefined;
}

type Done = CommandResult<unknown> | undefined;

async function withdraw(
  dependencies: CommandDependencies,
  { causes }: SubscribedPeriod,
  grant: Grant | undefined,
  meta: CommandMeta,
): Promise<Done> {
  if (!grant || grant.closed) return undefined;
  const { grant_id: grantId } = grant.terms;
  const reason = [...causes].join(', ');
  return closeGrant(dependencies)({ grantId, why: 'withdrawn', reason }, meta);
}

async function give(
  dependencies: CommandDependencies,
  period: SubscribedPeriod,
  given: Given | undefined,
  meta: CommandMeta,
): Promise<Done> {
  const { terms, timesRestored } = period;
  const now = dependencies.now();
  if (now < new Date(terms.starts_at) || now >= new Date(terms.ends_at)) return undefined;
  // Of one that an operator took back by hand nothing comes again.
  if (given && given.times === timesRestored) return undefined;
  const quota = given ? takenOf(given.grant) : terms.quota;
  if (quota === 0n) return undefined;
  const account = await load(dependencies.store, accountStream(terms.account_id), accountDecider);
  if (!account.state) return { ok: false, refusal: { code: 'account_not_found' } };
  return giveGrant(dependencies)(
    {
      externalUserId: account.state.externalUserId,
      source: sourceOfPeriod(period),
      quota,
      kind: 'plan',
      priority: terms.priority,
      endsAt: new Date(terms.ends_at),
      reason: `${terms.plan_id} ${terms.plan_version}`,
    },
    meta,
  );
}

/** Nothing of one that goes on, that is about to be taken, or that came to its end. */
const takenOf = ({ isOver, withdrawn }: Grant): bigint => (isOver ? (withdrawn.get(ALL) ?? 0n) : 0n);
