import { loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { markdownTable } from '../support/markdown.js';
import { residentMiB } from '../support/processor.js';
import { requirePrograms } from '../support/requirements.js';
import { spreadOf } from '../support/statistics.js';
import { counted } from './books.js';
import { type Lag, lagsDuring } from './lag.js';
import type { Measurement } from './measure.js';
import { setStage } from './stage.js';
import { type ServiceUnderLoad, startCounterfoil } from './subjects/service.js';
import type { Subject } from './subjects/subject.js';

// What a call costs as the ledger grows: many accounts beside one, a long log beside an empty one, two relays beside one; how long a start
// takes then, how far the read models fall behind, and what each process needs of memory.
//   npm run bench:scaling -- [--rounds 5] [--seconds 2] [--connections 16] [--callers 10000] [--events 1000000] [--accounts 20000]
//                            [--keep <folder>: the long log is kept there, and is there in the next run]

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '16' },
    callers: { type: 'string', default: '10000' },
    events: { type: 'string', default: '1000000' },
    accounts: { type: 'string', default: '20000' },
    keep: { type: 'string' },
  },
});
const number = (name: Exclude<keyof typeof values, 'keep'>): number => Number(values[name]);
const history = { callers: number('callers'), events: number('events'), accounts: number('accounts') };
/** Every relay has as many callers as one that is alone. */
const orderOf = ({ urls = [''] }: Subject, connections = number('connections')) =>
  ({ traffic: 'json-1k', connections: connections * urls.length, seconds: number('seconds') }) as const;

requirePrograms(['redis-server', 'taskset']);
const services: ServiceUnderLoad[] = [];
const startedMs = performance.now();
const started = async (service: Promise<ServiceUnderLoad>): Promise<Subject> => {
  services.push(await service);
  return service;
};
const stage = await setStage([
  (port) => started(startCounterfoil(port)),
  (port) => started(startCounterfoil(port, { history, relayCount: 2, keep: values.keep })),
]);
try {
  const [empty, grown] = services as [ServiceUnderLoad, ServiceUnderLoad];
  const one = grown.relays[0] as (typeof grown.relays)[number];
  const hotKey = grown.accessKeys.slice(0, 1);
  const single = { ...grown, pids: [one.pid] };
  const both = { ...grown, urls: grown.relays.map(({ url }) => url) };
  const subjects: Subject[] = [
    { ...empty, name: 'empty ledger, one account' },
    { ...single, name: `${history.events} events, one account`, accessKeys: hotKey },
    { ...single, name: `${history.events} events, ${history.callers} accounts` },
    { ...both, name: `two relays, ${history.callers} accounts` },
    { ...both, name: 'two relays, one account', accessKeys: hotKey },
  ];
  const ready = ((performance.now() - startedMs) / 1_000).toFixed(0);
  console.log(`ready after ${ready} s; load average ${loadavg()[0]?.toFixed(1)}\n`);
  // Every caller's balance and key is known before it counts, and the compiler is done.
  for (const subject of subjects) await counted(stage, subject, { ...orderOf(subject, 64), seconds: 15 });
  const results = subjects.map((subject) => ({ subject, measurements: [] as Measurement[] }));
  for (let round = 0; round < number('rounds'); round++) {
    for (const { subject, measurements } of results)
      measurements.push(await counted(stage, subject, orderOf(subject)));
  }
  console.log(`load average ${loadavg()[0]?.toFixed(1)}\n`);
  const median = (at: number, pick: (one: Measurement) => number): number =>
    spreadOf((results[at]?.measurements ?? []).map(pick)).median;
  const cpu = (at: number) => median(at, ({ cpuMicros }) => cpuMicros);
  const rows = results.map(({ subject, measurements }, at) => {
    const { least, most } = spreadOf(measurements.map(({ cpuMicros }) => cpuMicros));
    const figures = [cpu(at), least, most, median(at, (one) => one.callsPerSecond)].map((n) => n.toFixed(0));
    const latencies = [median(at, (one) => one.p50Ms), median(at, (one) => one.p99Ms)];
    return [subject.name, ...figures, ...latencies.map((ms) => ms.toFixed(2))];
  });
  const columns = ['', 'CPU µs a call', 'least', 'most', 'calls/s', 'p50 ms', 'p99 ms'];
  console.log(`${markdownTable(columns, rows)}\n`);
  const target = (what: string, value: number, limit: number, met: boolean): string[] => [
    what,
    limit.toFixed(2),
    value.toFixed(2),
    met ? 'met' : 'MISSED',
  ];
  const [hot, growth] = [cpu(1) / cpu(2), cpu(1) / cpu(0)];
  const [two, twoHot] = [(2 * cpu(2)) / cpu(3), (2 * cpu(1)) / cpu(4)];
  const targets = [
    target('one hot account / many, CPU a call', hot, 1.1, hot <= 1.1),
    target('a long log / an empty one, CPU a call', growth, 1.1, growth <= 1.1),
    target('what two relays can do / one, many accounts, by CPU a call', two, 1.8, two >= 1.8),
    target('what two relays can do / one, one account, by CPU a call', twoHot, 1.8, twoHot >= 1.8),
  ];
  console.log(`${markdownTable(['target', 'limit', 'measured', ''], targets)}\n`);
  console.log(`${await lagTable(grown)}\n`);
  console.log(partsTable(empty, grown));
} finally {
  await stage.close();
}

/** As many calls as go through, for so long that a backlog would show. */
async function lagTable(service: ServiceUnderLoad): Promise<string> {
  const load = counted(stage, service, { traffic: 'json-1k', connections: 64, seconds: 20 });
  // Only while calls come: `counted` waits for the read models afterwards.
  const lags = await lagsDuring(Promise.race([load, wait(20_000)]), () => service.lag());
  const { callsPerSecond } = await load;
  const quantile = (pick: (lag: Lag) => number, share: number) => {
    const sorted = lags.map(pick).sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) * share)]?.toFixed(0) ?? '';
  };
  const row = (what: string, pick: (lag: Lag) => number) =>
    [what].concat([0.5, 0.99, 1].map((share) => quantile(pick, share)));
  const rows = [row('events', ({ events }) => events), row('ms', ({ ms }) => ms)];
  return markdownTable(
    [`slowest read model at ${callsPerSecond.toFixed(0)} calls/s`, 'p50', 'p99', 'worst'],
    rows,
  );
}

function partsTable(empty: ServiceUnderLoad, grown: ServiceUnderLoad): string {
  const cells = (parts: ServiceUnderLoad['parts'], name: string) => {
    const part = parts.find((one) => one.name === name);
    return part
      ? [part.startMs ? (part.startMs / 1_000).toFixed(1) : '', String(residentMiB([part.pid]))]
      : ['', ''];
  };
  const rows = grown.parts.map(({ name }) => [
    name,
    ...cells(empty.parts, name),
    ...cells(grown.parts, name),
  ]);
  const caughtUp = grown.caughtUpInSeconds.toFixed(0);
  const columns = ['', 'start s, empty', 'MiB, empty', 'start s, long log', 'MiB, long log'];
  return `The projector brought all read models to the end of the history in ${caughtUp} s.\n\n${markdownTable(columns, rows)}`;
}
