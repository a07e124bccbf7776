import { describe } from '@jest/globals';
import { describeAdding } from './outbox-contract/adding.js';
import { describeClocks } from './outbox-contract/clocks.js';
import { describeEndings } from './outbox-contract/endings.js';
import { describeLeases } from './outbox-contract/leases.js';
import { describeOrder } from './outbox-contract/order.js';
import { type OutboxFactory, useOutbox } from './outbox-contract/setup.js';

/**
 * The contract of the Outbox port, for every adapter.
 *
 * @param factory opens an empty outbox; called before each test, `close` after it
 */
export function describeOutbox(name: string, factory: OutboxFactory): void {
  describe(`outbox contract: ${name}`, () => {
    const under = useOutbox(factory);
    describeAdding(under);
    describeLeases(under);
    describeOrder(under);
    describeEndings(under);
    describeClocks(under);
  });
}
