import type pg from 'pg';
import type { OutboxDesk } from '../http/operators/outbox.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';

export function createOutboxDesk(pool: pg.Pool): OutboxDesk {
  const outbox = new PostgresOutbox(pool);
  return {
    list: (query) => outbox.list(query),
    find: (id) => outbox.find(id),
    retry: (which, by) => outbox.retry(which, by),
    discard: async (id, by) => (await outbox.discard([id], by)) === 1,
  };
}
