import { z } from 'zod';
import { DateTime } from 'luxon';
import { type BoundEndpoint, endpoint, ownAccount } from '../../../endpoint.js';
import { minPosition, positionNotReached } from '../../../freshness.js';
import { failureRows } from '../../audit/failures.js';
import { balanceProofAnswer, balanceProofInput, balanceProofSays, RECEIPT_TYPE } from '../../receipt-file.js';
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
  description: balanceProofSays,
  input: z.object(balanceProofInput),
  data: z.string(),
  answersText: [RECEIPT_TYPE],
  refusals: [],
  failures: failureRows(
    'account_not_found',
    'figure_not_found',
    'receipts_off',
    'not_closed',
    'not_signed_yet',
  ),
  example: { data: '' },
  handle: async ({ as_of: asOf }, context) =>
    balanceProofAnswer(asOf, ownAccount(context).reads.balanceProof(asOf)),
});

export const balanceEndpoints: readonly BoundEndpoint[] = [show, proof];
