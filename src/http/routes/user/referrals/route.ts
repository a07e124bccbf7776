import { z } from 'zod';
import { accepted, type BoundEndpoint, endpoint, ownAccount, projected } from '../../../endpoint.js';
import type { Own } from '../../../people/own.js';
import { minPosition, positionNotReached } from '../../../freshness.js';
import { exampleOwnReferral, ownReferralData, presentOwnReferral } from '../../referrals/schema.js';

const show = endpoint({
  method: 'get',
  area: 'user',
  path: '/referral',
  access: 'person',
  operationId: 'getOwnReferral',
  summary: 'Show whom you invited, and what that brought',
  description: 'Of those who were invited nothing is told but when they came, and what their orders brought.',
  input: z.object({ min_position: minPosition }),
  data: ownReferralData,
  refusals: [],
  failures: [positionNotReached],
  example: { data: exampleOwnReferral },
  handle: async ({ min_position: min }, context) => {
    const { reads } = ownAccount(context);
    await reads.caughtUp(min);
    return { data: await shown(reads, context.now) };
  },
});

const makeCode = endpoint({
  method: 'post',
  area: 'user',
  path: '/referral/code',
  access: 'person',
  operationId: 'makeOwnReferralCode',
  summary: 'Get a referral code',
  description: 'Of one who has a code already it stays as it is. Turned on by REFERRALS.',
  input: z.object({}),
  bodyOptional: true,
  data: ownReferralData,
  refusals: ['account_not_found', 'account_erased', 'referrals_off'],
  example: { data: exampleOwnReferral },
  handle: async (_, context) => {
    const { commands, reads } = ownAccount(context);
    const made = accepted(await commands.makeReferralCode(context.meta));
    await projected(context, made.position);
    return { data: await shown(reads, context.now), replayed: made.replayed };
  },
});

const shown = async (reads: Own, now: Date) =>
  presentOwnReferral(await reads.account(), await reads.referral(now));

export const ownReferralEndpoints: readonly BoundEndpoint[] = [show, makeCode];
