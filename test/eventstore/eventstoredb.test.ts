import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { describeEventStore, type EventStoreFactory } from '../support/event-store-contract.js';
import { startStandInCluster } from '../support/eventstoredb-stand-in/cluster.js';
import { startEventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';

function clientsOf(
  connectionString: string,
  closeServer: () => Promise<void>,
): ReturnType<EventStoreFactory> {
  const open = () => createEventStoreDb({ connectionString, deadlineMs: 5000 });
  const store = open();
  return Promise.resolve({
    store,
    another: async () => open(),
    close: async () => {
      await store.close();
      await closeServer();
    },
  });
}

describeEventStore('eventstoredb, against the stand-in', async () => {
  const standIn = await startEventStoreStandIn();
  return clientsOf(standIn.connectionString, () => standIn.close());
});

describeEventStore('eventstoredb, against three nodes of the stand-in', async () => {
  const cluster = await startStandInCluster();
  return clientsOf(cluster.connectionString, () => cluster.close());
});

const realServer = process.env['EVENTSTORE_TEST_URL'];
if (realServer !== undefined && realServer !== '') {
  describeEventStore('eventstoredb, against EVENTSTORE_TEST_URL', () =>
    clientsOf(realServer, async () => undefined),
  );
}
