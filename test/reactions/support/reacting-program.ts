// Reacts and sends as a projector does, until it is killed: `reacting-program.ts <database> <address of the tally> [<address of the log>]`.
import { createEventStoreDb } from '../../../src/eventstore/eventstoredb/event-store-db.js';
import { createPostgresEventStore } from '../../../src/eventstore/postgres/postgres-event-store.js';
import { createPool } from '../../../src/postgres/pool.js';
import { OutboxSender } from '../../../src/reactions/outbox/outbox-sender.js';
import { PostgresOutbox } from '../../../src/reactions/outbox/postgres-outbox.js';
import { ReactionRunner } from '../../../src/reactions/reaction-runner.js';
import type { Receiver } from '../../../src/reactions/outbox/receiver.js';
import { createCommandWorld } from '../../support/command-world.js';
import { bonus, bonusCommands } from './bonus-reaction.js';

const [database = '', tallyUrl = '', logUrl] = process.argv.slice(2);
const pool = createPool({ connectionString: database, max: 6, applicationName: 'reacting' });
const store =
  logUrl === undefined
    ? createPostgresEventStore({ connectionString: database })
    : createEventStoreDb({ connectionString: logUrl, deadlineMs: 30_000 });
const outbox = new PostgresOutbox(pool);
const { commands } = createCommandWorld({ wrap: () => store });

const tally: Receiver = {
  name: 'tally',
  send: async ({ id }, signal) => {
    const { ok } = await fetch(tallyUrl, { method: 'POST', body: id, signal });
    return ok ? { kind: 'delivered' } : { kind: 'retry', reason: 'refused' };
  },
};
const sender = new OutboxSender({
  outbox,
  receivers: [tally, bonusCommands(commands)],
  settings: { attemptMs: 2_000, maxAttempts: 1_000, baseDelayMs: 10, maxDelayMs: 100, pollMs: 20 },
});
const runner = new ReactionRunner({
  reactions: [bonus],
  store,
  generation: 0,
  pool,
  outbox,
  onMessages: () => sender.ring(),
  pollIntervalMs: 20,
});
sender.start();
await runner.start();
process.stdout.write('reacting\n');
