import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Child } from '../support/child.js';
import { markdownTable } from '../support/markdown.js';
import { requirePrograms } from '../support/requirements.js';
import { spreadOf } from '../support/statistics.js';
import { counted } from './books.js';
import type { Measurement } from './measure.js';
import { type LadderRow, ladderTable, partsTable } from './report.js';
import { setStage } from './stage.js';
import { EVENTSTORE, startCounterfoil } from './subjects/service.js';
import type { Subject } from './subjects/subject.js';

// What a call of many accounts costs with the log in EventStoreDB beside the log in PostgreSQL: all processes, in turns. Needs Linux, two cores and
// redis-server.
//   npm run bench:calls-on-both-logs -- [--rounds 5] [--seconds 2] [--accounts 200] [--connections 16,64] [--streams process] [--warm-up 5000] [--server <process id>]
// Against EVENTSTORE_TEST_URL, which must be empty and is written to; without it, against the tests' stand-in, a server in Node that keeps events in
// memory. A failed call, or a ledger that disagrees with the upstream, fails the benchmark.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    accounts: { type: 'string', default: '200' },
    connections: { type: 'string', default: '16,64' },
    streams: { type: 'string', default: 'process' },
    'warm-up': { type: 'string', default: '5000' },
    server: { type: 'string' },
  },
});
/** Of the specification, by connections. */
const LIMITS: ReadonlyMap<number, number> = new Map([
  [16, 1.35],
  [64, 1.15],
]);
const TRAFFIC = 'json-1k';

requirePrograms(['redis-server', 'taskset']);
const given = process.env['EVENTSTORE_TEST_URL'];
const standIn = given ? undefined : new Child(new URL('../ledger/stand-in-process.ts', import.meta.url));
const url = given ?? (await standIn?.ready<{ connectionString: string }>())?.connectionString ?? '';
const pid = values.server === undefined ? standIn?.pid : Number(values.server);
const customers = Number(values.accounts);
const environment = { USAGE_STREAMS: values.streams };
const started = async (name: string, subject: Promise<Subject>): Promise<Subject> => ({
  ...(await subject),
  name,
});
const stage = await setStage([
  (port) =>
    started('L3, EventStoreDB', startCounterfoil(port, { customers, environment, eventStore: { url, pid } })),
  (port) => started('L3, PostgreSQL', startCounterfoil(port, { customers, environment })),
]);
try {
  console.log(
    `${given ? 'EVENTSTORE_TEST_URL' : 'the stand-in'}, ${customers} accounts, USAGE_STREAMS=${values.streams}, ${values.rounds} rounds of ${values.seconds} s, medians\n`,
  );
  const calls = Number(values['warm-up']);
  for (const subject of stage.subjects)
    await counted(stage, subject, { traffic: TRAFFIC, connections: 64, calls, seconds: 600 });
  const targets: (readonly string[])[] = [];
  for (const connections of values.connections.split(',').map(Number)) {
    const rows = await inTurns(connections);
    const load = loadavg()[0]?.toFixed(1);
    console.log(`### ${connections} connections, load average ${load}\n\n${ladderTable(rows)}\n`);
    console.log(`${partsTable(rows)}\n`);
    targets.push(targetOf(connections, rows));
  }
  const columns = ['a call, EventStoreDB / PostgreSQL', 'at most', 'all processes', '', 'without its server'];
  console.log(markdownTable(columns, targets));
} finally {
  await stage.close();
  await standIn?.stop();
}

async function inTurns(connections: number): Promise<readonly LadderRow[]> {
  const rows = stage.subjects.map((subject) => ({ subject, measurements: [] as Measurement[] }));
  for (let round = 0; round < Number(values.rounds); round++)
    for (const { subject, measurements } of round % 2 === 0 ? rows : [...rows].reverse())
      measurements.push(
        await counted(stage, subject, { traffic: TRAFFIC, connections, seconds: Number(values.seconds) }),
      );
  return rows.map(({ subject: { name }, measurements }) => ({ name, measurements }));
}

/** Medians of the ratios within each round. The stand-in is ours as well, so what the rest takes is told beside it. */
function targetOf(connections: number, [one, other]: readonly LadderRow[]): readonly string[] {
  const ratio = (pick: (measurement: Measurement) => number): number =>
    spreadOf(
      (one?.measurements ?? []).map(
        (measurement, round) => pick(measurement) / pick(other?.measurements[round] as Measurement),
      ),
    ).median;
  const all = ({ cpuMicros, helperCpuMicros }: Measurement) => cpuMicros + helperCpuMicros;
  const found = ratio(all);
  const limit = LIMITS.get(connections);
  return [
    `${connections} connections`,
    limit?.toFixed(2) ?? '',
    found.toFixed(3),
    limit === undefined ? '' : found <= limit ? 'met' : 'MISSED',
    ratio((measurement) => all(measurement) - (measurement.parts.get(EVENTSTORE) ?? 0)).toFixed(3),
  ];
}
