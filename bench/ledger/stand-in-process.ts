import { startEventStoreStandIn } from '../../test/support/eventstoredb-stand-in/index.js';

// The tests' stand-in for EventStoreDB, which keeps events in memory, as a process of its own. Sends its connection string to its parent.

const { connectionString } = await startEventStoreStandIn();
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
process.send?.({ connectionString });
