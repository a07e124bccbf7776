import { z } from 'zod';
import { DateTime } from 'luxon';
import { type BoundEndpoint, endpoint, ownAccount } from '../../../endpoint.js';
import { minPosition, positionNotReached } from '../../../freshness.js';
import { balanceProofAnswer, balanceProofInput, provesBalance } from '../../receipt-file.js';
import { notReady, unready } from '../../../usage/schema.js';
import { presentBalance } from './present.js';
import { balanceData, exampleBalance } from './schema.js';

const DAYS = 30;

const show = endpoint({
  method: 'get',
  area: 'user',
  path: '/balance',
  access: 'person',
  operationId: 'showBalance',
  summary: 'Show what you have, and how long it lasts',
  description: 'With what was spent lately, by days of the ledger, and what a newcomer has done already.',
  input: z.object({ min_position: minPosition }),
  data: balanceData,
  refusals: ['account_not_found'],
  failures: [notReady, positionNotReached],
  example: { data: exampleBalance },
  handle: async ({ min_position: min }, context) => {
    const { now, settings } = context;
    const { reads } = ownAccount(context);
    await reads.caughtUp(min);
    const today = DateTime.fromJSDate(now, { zone: settings.timezone });
    const day = (at: DateTime) => at.toFormat('yyyy-MM-dd');
    const question = {
      interval: 'day',
      groupBy: 'none',
      from: day(today.minus({ days: DAYS - 1 })),
      to: day(today),
      filter: {},
    } as const;
    const [account, held, steps, usage] = await Promise.all([
      reads.account(),
      reads.held(),
      reads.firstSteps(),
      reads.usage(question, now),
    ]);
    if (!usage) throw unready();
    return { data: presentBalance({ account, held, steps, usage }) };
  },
});

const proof = endpoint({
  method: 'get',
  area: 'user',
  path: '/balance/proof',
  access: 'person',
  operationId: 'proveBalance',
  summary: 'Prove what you had',
  ...provesBalance,
  input: z.object(balanceProofInput),
  handle: async ({ as_of: asOf }, context) =>
    balanceProofAnswer(asOf, ownAccount(context).reads.balanceProof(asOf)),
});

export const balanceEndpoints: readonly BoundEndpoint[] = [show, proof];
