import { numbersGiven } from '../projections/numbers-given.js';
import { passNumbersGiven } from '../stores/numeric-ids.js';
import type { Foundation } from './ledger.js';

/**
 * A database that was put back behind its log makes its tables anew, and what only it has stays of before; nothing else shows it. The
 * sequences do, at the first start after it. The start goes on meanwhile.
 */
export function sayWhenDatabaseIsOlder({ database, store, log, shutdown }: Foundation): void {
  const looked = passNumbersGiven(database.pool, (connection) => numbersGiven(connection, store)).then(
    ({ users, tokens }) => {
      if (users === 0 && tokens === 0) return;
      log.error(
        { users, tokens },
        `PostgreSQL is older than the log: the log has ${users} users and ${tokens} access keys of which it does not know the numbers, so it was put back. Balances are right all the same, and numbers go on behind those of the log; but keys of persons, service keys and passwords of operators that were made since are gone: docs/how-to/disaster.md, "PostgreSQL alone is older"`,
      );
    },
    (error: unknown) => log.warn({ err: error }, 'whether PostgreSQL is older than the log is not known'),
  );
  shutdown.add('look at the numbers given', () => looked);
}
