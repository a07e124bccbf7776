import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { startEventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';
import { createTestDatabase } from '../support/postgres.js';
import { describeFollowing } from './support/following-contract.js';

describeFollowing('memory', async () => {
  const database = await createTestDatabase();
  return { store: createMemoryEventStore(), database, close: () => database.drop() };
});

describeFollowing('postgres, in the database of the outbox', async () => {
  const database = await createTestDatabase();
  const store = createPostgresEventStore({ connectionString: database.url });
  return {
    store,
    database,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
});

describeFollowing('eventstoredb, against the stand-in', async () => {
  const database = await createTestDatabase();
  const standIn = await startEventStoreStandIn();
  // How long it is waited for is not what is shown here.
  const store = createEventStoreDb({ connectionString: standIn.connectionString, deadlineMs: 30_000 });
  return {
    store,
    database,
    close: async () => {
      await store.close();
      await standIn.close();
      await database.drop();
    },
  };
});
