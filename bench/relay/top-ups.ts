import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { loadavg } from 'node:os';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { SERVICE_KEY } from '../../test/acceptance/support/deployment.js';
import { succeed } from '../../test/acceptance/support/clients.js';
import { Child } from '../support/child.js';
import { markdownTable } from '../support/markdown.js';
import { cpuByProcess } from '../support/processor.js';
import { requirePrograms } from '../support/requirements.js';
import { spreadOf } from '../support/statistics.js';
import { BENCH } from './measure.js';
import { type ServiceUnderLoad, startCounterfoil } from './subjects/service.js';

// What a top-up costs a front end that waits for its answer: all processes of the service, and how long it takes, on both logs in turns. Needs Linux
// and redis-server.
//   npm run bench:top-ups -- [--rounds 5] [--seconds 2] [--users 100] [--in-flight 16] [--before <folder>] [--server <process id>]
// --before is another checkout of this project with its packages, whose service is measured beside. EventStoreDB is EVENTSTORE_TEST_URL, which must be
// empty and is written to; without it, the tests' stand-in. Where --before is given the log of both is in PostgreSQL: a ledger has a log alone.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    users: { type: 'string', default: '100' },
    'in-flight': { type: 'string', default: '16' },
    before: { type: 'string' },
    server: { type: 'string' },
  },
});
const LIMIT_P50_MS = 15;
const LIMIT_OF_BEFORE = 0.4;
const AMOUNT_USD = 1.5;

requirePrograms(['redis-server']);
const inFlight = Number(values['in-flight']);
const given = process.env['EVENTSTORE_TEST_URL'];
const standIn = given ? undefined : new Child(new URL('../ledger/stand-in-process.ts', import.meta.url));
const url = given ?? (await standIn?.ready<{ connectionString: string }>())?.connectionString ?? '';
const pid = values.server === undefined ? standIn?.pid : Number(values.server);
const agent = new Agent({ keepAlive: true, maxSockets: inFlight });

interface Turn {
  readonly micros: number;
  /** By what it was for. */
  readonly parts: ReadonlyMap<string, number>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

interface Subject {
  readonly name: string;
  readonly service: ServiceUnderLoad;
  readonly users: readonly string[];
  readonly turns: Turn[];
}

async function subjectOf(name: string, starting: Promise<ServiceUnderLoad>): Promise<Subject> {
  const service = await starting;
  const users = Array.from({ length: Number(values.users) }, () => `bench-${randomUUID()}`);
  for (const id of users)
    await succeed(service.api.url, 'POST', '/sync', { external_user_id: id, username: id });
  return { name, service, users, turns: [] };
}

/** Rejects where a top-up was not credited: what fails fast must not count as fast. */
function topUp({ service, users }: Subject, at: number): Promise<void> {
  const body = JSON.stringify({
    external_user_id: users[at % users.length],
    amount_usd: AMOUNT_USD,
    payment_id: `pi_${randomUUID()}`,
  });
  const headers = {
    authorization: `Bearer ${SERVICE_KEY}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const call = request(
      `${service.api.url}/api/user/external/topup`,
      { method: 'POST', agent, headers },
      (answer) =>
        void text(answer).then((said) => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`a top-up was answered with ${String(answer.statusCode)}: ${said}`));
        }, reject),
    );
    call.on('error', reject);
    call.end(body);
  });
}

async function turnOf(subject: Subject, seconds: number): Promise<Turn> {
  const { service } = subject;
  const pids = [...service.pids, ...service.helpers];
  const names = await service.names?.();
  const before = cpuByProcess(pids);
  const latencies: number[] = [];
  const startedMs = performance.now();
  let next = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - startedMs < seconds * 1_000) {
      const sentMs = performance.now();
      await topUp(subject, next++);
      latencies.push(performance.now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  const perSecond = latencies.length / ((performance.now() - startedMs) / 1_000);
  // Read models that follow later are part of its cost.
  await service.charges?.();
  const parts = new Map<string, number>();
  for (const [process, spent] of cpuByProcess(pids)) {
    const part = names?.get(process) ?? (service.pids.includes(process) ? 'relay' : 'other');
    const micros = ((spent - (before.get(process) ?? 0)) * 1e6) / latencies.length;
    if (part !== BENCH) parts.set(part, (parts.get(part) ?? 0) + micros);
  }
  const micros = [...parts.values()].reduce((sum, each) => sum + each, 0);
  latencies.sort((a, b) => a - b);
  const quantile = (share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
  return { micros, parts, p50Ms: quantile(0.5), p99Ms: quantile(0.99), perSecond };
}

const subjects: Subject[] = [];
try {
  // No calls are made, so nobody listens behind the channel.
  const NO_UPSTREAM = 9;
  const eventStore = { url, pid };
  subjects.push(await subjectOf('EventStoreDB', startCounterfoil(NO_UPSTREAM, { eventStore })));
  subjects.push(await subjectOf('PostgreSQL', startCounterfoil(NO_UPSTREAM)));
  const checkout = values.before;
  if (checkout !== undefined)
    subjects.push(await subjectOf('PostgreSQL, before', startCounterfoil(NO_UPSTREAM, { checkout })));
  for (const subject of subjects) await turnOf(subject, Number(values.seconds));
  for (let round = 0; round < Number(values.rounds); round++)
    for (const subject of round % 2 === 0 ? subjects : [...subjects].reverse())
      subject.turns.push(await turnOf(subject, Number(values.seconds)));
  console.log(
    `${given ? 'EVENTSTORE_TEST_URL' : 'the stand-in'}, ${inFlight} in flight, ${values.users} users, ${values.rounds} rounds of ${values.seconds} s, medians; load average ${loadavg()[0]?.toFixed(1)}\n`,
  );
  console.log(`${topUpTable()}\n\n${partsTable()}\n\n${targetTable()}`);
} finally {
  agent.destroy();
  for (const { service } of subjects) await service.stop();
  await standIn?.stop();
}

function median({ turns }: Subject, pick: (turn: Turn) => number): number {
  return spreadOf(turns.map(pick)).median;
}

function topUpTable(): string {
  const columns = ['a top-up', 'µs of all processes', 'p50 ms', 'p99 ms', 'a second'];
  const rows = subjects.map((subject) => [
    subject.name,
    median(subject, ({ micros }) => micros).toFixed(0),
    median(subject, ({ p50Ms }) => p50Ms).toFixed(1),
    median(subject, ({ p99Ms }) => p99Ms).toFixed(1),
    median(subject, ({ perSecond }) => perSecond).toFixed(0),
  ]);
  return markdownTable(columns, rows);
}

/** The dearest first; those that take next to nothing are left out. */
function partsTable(): string {
  const names = [
    ...new Set(subjects.flatMap(({ turns }) => turns.flatMap(({ parts }) => [...parts.keys()]))),
  ];
  const rows = names
    .map((name) => ({
      name,
      micros: subjects.map((each) => median(each, ({ parts }) => parts.get(name) ?? 0)),
    }))
    .filter(({ micros }) => Math.max(...micros) >= 10)
    .sort((one, other) => Math.max(...other.micros) - Math.max(...one.micros));
  return markdownTable(
    ['µs a top-up', ...subjects.map(({ name }) => name)],
    rows.map(({ name, micros }) => [name, ...micros.map((each) => each.toFixed(0))]),
  );
}

function targetTable(): string {
  const row = (what: string, found: number, limit: number): readonly string[] => [
    what,
    String(limit),
    found.toFixed(2),
    found <= limit ? 'met' : 'MISSED',
  ];
  const [, now, before] = subjects;
  const rows = subjects.slice(0, 2).map((subject) =>
    row(
      `p50, ${subject.name}, ms`,
      median(subject, ({ p50Ms }) => p50Ms),
      LIMIT_P50_MS,
    ),
  );
  if (now && before) {
    const ratios = now.turns.map(({ micros }, round) => micros / (before.turns[round]?.micros ?? NaN));
    rows.push(row('processor, PostgreSQL / before', spreadOf(ratios).median, LIMIT_OF_BEFORE));
  }
  return markdownTable(['target', 'at most', 'measured', ''], rows);
}
