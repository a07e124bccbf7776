import { describe } from '@jest/globals';
import { describeFaults } from './following-contract/faults.js';
import { describePlaces } from './following-contract/places.js';
import { type LogFactory, useLog } from './following-contract/setup.js';
import { describeWay } from './following-contract/way.js';

/**
 * What reactions promise of the log that they follow, for every log.
 *
 * @param factory opens a new log and a database for places and outbox; called before each test, `close` after it
 */
export function describeFollowing(name: string, factory: LogFactory): void {
  describe(`reactions to a log: ${name}`, () => {
    const under = useLog(factory);
    describeWay(under);
    describePlaces(under);
    describeFaults(under, factory);
  });
}
