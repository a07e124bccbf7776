import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { describeEventStore } from '../support/event-store-contract.js';
import { createTestDatabase } from '../support/postgres.js';

describeEventStore('postgres', async () => {
  const database = await createTestDatabase();
  const open = () => createPostgresEventStore({ connectionString: database.url });
  const store = open();
  return {
    store,
    another: async () => open(),
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
});
