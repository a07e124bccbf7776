import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createUsageWriter } from '../../src/commands/usage/record-usage.js';
import { callIdForms, newCallId } from '../../src/domain/usage/call-id.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { anEvent } from '../../test/support/events.js';
import { Child } from '../support/child.js';
import { requirePrograms } from '../support/requirements.js';
import { contest, repeatedly, type Subject } from './contest.js';
import { rateTable } from './report.js';
import { setStage } from './stage.js';

// What a charge costs on its way into the log, by the streams that charges go to, in turns. Needs Linux and psql.
//   npm run bench:usage-streams -- [--rounds 5] [--seconds 1] [--accounts 2000] [--callers 16]
// EventStoreDB is the tests' stand-in, which keeps events in memory.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    accounts: { type: 'string', default: '2000' },
    callers: { type: 'string', default: '16' },
  },
});
requirePrograms(['psql', 'taskset']);
const [callers, seconds] = [Number(values.callers), Number(values.seconds)];
const accounts = Array.from({ length: Number(values.accounts) }, () => randomUUID());
const stage = await setStage(0);
const standIn = new Child(new URL('./stand-in-process.ts', import.meta.url));
const { connectionString } = await standIn.ready<{ connectionString: string }>();
const eventStoreDb = createEventStoreDb({ connectionString, deadlineMs: 60_000 });

function subjectsOf(log: string, store: EventStore): readonly Subject[] {
  return callIdForms.map((form, lane) => {
    const limits = { resolveWithinMs: 60_000, maxPending: 20_000 };
    const writer = createUsageWriter({ store, now: Date.now, ...limits });
    let next = 0;
    const charge = async () => {
      const nowMs = Date.now();
      const event = anEvent('consumption-recorded', {
        call_id: newCallId(form, lane, nowMs, randomUUID()),
        account_id: accounts[next++ % accounts.length] as string,
        started_at: new Date(nowMs).toISOString(),
      });
      const { how } = await writer.end({ event, recovered: false });
      if (how !== 'appended') throw new Error(`a new call was ${how}`);
    };
    const name = `${log}, streams of ${form === 'account' ? 'accounts' : 'the process'}`;
    return { name, turn: () => repeatedly(callers, seconds, charge) };
  });
}

try {
  const subjects = [...subjectsOf('PostgreSQL', stage.store), ...subjectsOf('EventStoreDB', eventStoreDb)];
  // Compilers and streams: each account has one once.
  for (const subject of subjects) await subject.turn();
  const rows = await contest(Number(values.rounds), subjects, [stage.postmaster, standIn.pid]);
  const what = `${accounts.length} accounts, ${callers} at once, load average ${(loadavg()[0] ?? 0).toFixed(1)}`;
  console.log(`${what}\n\n${rateTable(rows)}`);
} finally {
  await eventStoreDb.close();
  await standIn.stop();
  await stage.close();
}
