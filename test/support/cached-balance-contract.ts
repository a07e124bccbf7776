import { describe } from '@jest/globals';
import { describeAgreementWithModel } from './cached-balance-contract/agreement.js';
import { describeHoldersInAnyOrder } from './cached-balance-contract/any-order.js';
import { describeGrants } from './cached-balance-contract/grants.js';
import { describeGuards } from './cached-balance-contract/guards.js';
import { describeHoldLeases } from './cached-balance-contract/hold-leases.js';
import { describeLeases } from './cached-balance-contract/leases.js';
import { describeSettlement } from './cached-balance-contract/settlement.js';
import type { OpenSubject } from './cached-balance-contract/subject.js';

/** What every adapter of the cached balance must do. */
export function describeCachedBalance(name: string, open: OpenSubject): void {
  describe(`cached balance: ${name}`, () => {
    describeGrants(open);
    describeGuards(open);
    describeSettlement(open);
    describeLeases(open);
    describeHoldLeases(open);
    describeAgreementWithModel(open);
    describeHoldersInAnyOrder(open);
  });
}
