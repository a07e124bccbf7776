import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { Child } from '../support/child.js';
import { markdownTable } from '../support/markdown.js';
import { requirePrograms } from '../support/requirements.js';
import { spreadOf } from '../support/statistics.js';
import { contest, type Row, type Sample, type Subject } from './contest.js';
import { appendSubjects } from './parts/appends.js';
import { clientAppendSubjects } from './parts/client-appends.js';
import { copyOf, lastEventSubject, readingSubjects } from './parts/reading.js';
import { topUpSubjects } from './parts/top-ups.js';
import { rateTable } from './report.js';
import { setStage } from './stage.js';

// What EventStoreDB costs beside PostgreSQL, and beside the client's own calls. Needs Linux and psql.
//   npm run bench:eventstoredb -- [--events 50000] [--rounds 3] [--seconds 2] [--server <process id>]
// Against EVENTSTORE_TEST_URL, which is written to; without it, against the tests' stand-in, which keeps events in memory.

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    server: { type: 'string' },
  },
});
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
requirePrograms(['psql', 'taskset']);
const given = process.env['EVENTSTORE_TEST_URL'];
const standIn = given ? undefined : new Child(new URL('./stand-in-process.ts', import.meta.url));
const connectionString =
  given ?? (await standIn?.ready<{ connectionString: string }>())?.connectionString ?? '';
const stage = await setStage(Number(values.events));
const store = createEventStoreDb({ connectionString, deadlineMs: 10_000 });
const client = clientAppendSubjects(connectionString, seconds);
const serverIds = [
  stage.postmaster,
  ...(values.server ? [Number(values.server)] : standIn ? [standIn.pid] : []),
];
const rows: Row[] = [];

async function measure(title: string, subjects: readonly Subject[]): Promise<void> {
  const found = await contest(rounds, subjects, serverIds);
  rows.push(...found);
  console.log(`### ${title}\n\n${rateTable(found)}\n`);
}

try {
  console.log(
    `${given ? 'EVENTSTORE_TEST_URL' : 'the stand-in'}, ${values.events} events, ${rounds} rounds, medians`,
  );
  console.log(`load average at the start ${(loadavg()[0] ?? 0).toFixed(1)}\n`);
  const copy = await copyOf(stage.store, store, connectionString);
  const history = { after: -1n, events: copy.events };
  await measure('Reading', [
    ...readingSubjects('EventStoreDB', store, copy),
    ...readingSubjects('PostgreSQL', stage.store, history),
    lastEventSubject('EventStoreDB', store, copy),
    lastEventSubject('PostgreSQL', stage.store, history),
  ]);
  await measure('Appends', [
    ...appendSubjects('EventStoreDB', store, seconds),
    ...client.subjects,
    ...appendSubjects('PostgreSQL', stage.store, seconds),
  ]);
  for (const [name, log] of [
    ['EventStoreDB', store],
    ['PostgreSQL', stage.store],
  ] as const)
    await measure(`Top-ups, ${name}`, await topUpSubjects(log, seconds));
  console.log(targetTable());
} finally {
  await client.close();
  await store.close();
  await standIn?.stop();
  await stage.close();
}

function targetTable(): string {
  const median = (name: string, pick: (sample: Sample) => number): number => {
    const row = rows.find((each) => each.name === name);
    return spreadOf((row?.samples ?? []).map(pick)).median;
  };
  const cpu = (name: string) => median(name, ({ cpuMicros }) => cpuMicros);
  const rate = (name: string) => median(name, ({ perSecond }) => perSecond);
  const targets: readonly (readonly [what: string, limit: string, measured: number, isMet: boolean])[] = [
    target(
      'append, processor here, 16 at once / by the client',
      'at most',
      0.2,
      () => cpu('appends, EventStoreDB, 16 at once') / cpu('appends, the client of EventStoreDB, 16 at once'),
    ),
    target(
      'events read whole / PostgreSQL',
      'at least',
      0.8,
      () => rate('events read whole, EventStoreDB') / rate('events read whole, PostgreSQL'),
    ),
    // By the clock it is the server's speed as well, and what else the machine does.
    target(
      'PostgreSQL / events read whole, processor here',
      'at least',
      0.8,
      () => cpu('events read whole, PostgreSQL') / cpu('events read whole, EventStoreDB'),
    ),
    target(
      'events read as they come / PostgreSQL',
      'at least',
      0.35,
      () => rate('events read as they come, EventStoreDB') / rate('events read as they come, PostgreSQL'),
    ),
  ];
  return markdownTable(
    ['target', 'limit', 'measured', ''],
    targets.map(([what, limit, measured, isMet]) => [
      what,
      limit,
      measured.toFixed(3),
      isMet ? 'met' : 'MISSED',
    ]),
  );
}

function target(what: string, side: 'at most' | 'at least', limit: number, measure: () => number) {
  const measured = measure();
  return [
    what,
    `${side} ${limit}`,
    measured,
    side === 'at most' ? measured <= limit : measured >= limit,
  ] as const;
}
