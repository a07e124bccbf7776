import { z } from 'zod';
import { DateTime } from 'luxon';
import { type BoundEndpoint, endpoint, ownAccount } from '../../../endpoint.js';
import { minPosition, positionNotReached } from '../../../freshness.js';
import { balanceProofAnswer, balanceProofInput, provesBalance } from '../../receipt-file.js';
import { notReady, unready } from '../../../usage/schema.js';
import { presentBalance } from './present.js';
import { balanceData, exampleBalance } from './schema.js';

const DAYS = 30;
const DAY_MS = 24 * 3_600_000;
/** More of them say nothing more. */
const MOST_REFUSED = 1_000;

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
    const [account, held, steps, refused, usage] = await Promise.all([
      reads.account(),
      reads.held(),
      reads.firstSteps(),
      reads.countFailures({ since: new Date(now.getTime() - DAY_MS), most: MOST_REFUSED }),
      reads.usage(question, now),
    ]);
    if (!usage) throw unready();
    return { data: presentBalance({ account, held, steps, refused, usage }) };
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

const EXAMPLE_KEY = 'ledger.example/transparency+51933151+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c';

const offered = endpoint({
  method: 'get',
  area: 'user',
  path: '/proofs',
  access: 'person',
  operationId: 'showProofs',
  summary: 'Show what can be proved of your books',
  description:
    'And the keys that proofs are checked with, as `name+id+key`. Whoever gives a proof to others tells them a key that came by another way.',
  input: z.object({}),
  data: z.object({
    receipts: z.boolean().meta({ description: 'of rows: that they were written down' }),
    balances: z.boolean().meta({ description: 'of ends of days: that a balance is in what is owed to all' }),
    keys: z.array(z.string()),
  }),
  refusals: [],
  example: { data: { receipts: true, balances: true, keys: [EXAMPLE_KEY] } },
  handle: async (_, context) => ({ data: await ownAccount(context).reads.proofs() }),
});

export const balanceEndpoints: readonly BoundEndpoint[] = [show, proof, offered];
