import { withTransaction } from '../../src/postgres/pool.js';
import { PostgresOutbox } from '../../src/reactions/outbox/postgres-outbox.js';
import { createTestDatabase } from '../support/postgres.js';
import { describeOutbox } from './support/outbox-contract.js';

describeOutbox('postgres', async () => {
  const database = await createTestDatabase();
  const { pool } = database;
  return {
    outbox: new PostgresOutbox(pool),
    transaction: (run) => withTransaction(pool, run),
    // A clock that goes on is told by times that lie back further.
    clockJumps: async (byMs) => {
      await pool.query(
        `UPDATE outbox SET due_at = due_at - jump, ready_at = ready_at - jump, lease_until = lease_until - jump,
           created_at = created_at - jump, ended_at = ended_at - jump
         FROM (SELECT $1 * interval '1 millisecond' AS jump) clock`,
        [byMs],
      );
    },
    close: () => database.drop(),
  };
});
