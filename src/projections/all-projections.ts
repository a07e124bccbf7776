import { accounts } from './account/projector.js';
import { acts } from './act/projector.js';
import { balance } from './balance/projector.js';
import { cash } from './cash/projector.js';
import { catalogue } from './catalogue/projector.js';
import { codes } from './code/projector.js';
import { doubts } from './doubt/projector.js';
import { grants } from './grant/projector.js';
import { journal } from './journal/projector.js';
import { operators } from './operator/projector.js';
import { orders } from './order/projector.js';
import { payments } from './payment/projector.js';
import { referrals } from './referral/projector.js';
import { sentRefunds } from './refund/projector.js';
import type { Projection } from './runtime/projection.js';
import { settings } from './setting/projector.js';
import { statistics } from './statistics/projector.js';
import { subscriptions } from './subscription/projector.js';
import { teams } from './team/projector.js';
import { tokens } from './token/projector.js';
import { usageLog } from './usage/projector.js';

/** They advance together; who waits for a position waits for all of them. */
export const ledgerProjections: readonly Projection[] = [
  accounts,
  balance,
  cash,
  catalogue,
  codes,
  doubts,
  grants,
  journal,
  operators,
  orders,
  payments,
  referrals,
  sentRefunds,
  settings,
  subscriptions,
  teams,
  tokens,
  usageLog,
];

/** They advance together too, and nobody's money waits for them. @param timeZone of the days */
export const statisticsProjections = (timeZone: string): readonly Projection[] => [
  statistics(timeZone),
  acts,
];

/** All read models. @param timeZone of the days in the statistics */
export function allProjections(timeZone: string): readonly Projection[] {
  return [...ledgerProjections, ...statisticsProjections(timeZone)];
}
