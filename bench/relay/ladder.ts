import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { counted } from './books.js';
import type { Measurement } from './measure.js';
import { changeTable, ladderTable, targetTable } from './report.js';
import { setStage } from './stage.js';
import { startLevel } from './subjects/levels.js';
import { startNginx } from './subjects/nginx.js';
import { startPortkey } from './subjects/portkey.js';
import { startCounterfoil } from './subjects/service.js';
import type { Subject } from './subjects/subject.js';
import { requirePrograms } from '../support/requirements.js';
import type { Traffic } from './traffic.js';

// What a call costs at each level, beside what people would otherwise run. Needs Linux, two cores, redis-server and nginx-light.
//   npm run bench -- [--rounds 5] [--seconds 2] [--traffic json-1k,json-50k,sse-burst] [--connections 1,16,64]
//     [--subjects nginx,portkey,L0,L1,L2,L3,L3@<folder>]
// L3@<folder> is the service of another checkout, with its packages installed: what a change costs is the ratio of the two in one run.
// Within a round every subject has its turn, so that what else the machine does strikes them alike. A failed call, or a ledger that
// disagrees with the upstream, fails the benchmark.

const WARM_UP_SECONDS = 15;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    traffic: { type: 'string', default: 'json-1k,json-50k,sse-burst' },
    connections: { type: 'string', default: '1,16,64' },
    subjects: { type: 'string', default: 'nginx,portkey,L0,L1,L2,L3' },
  },
});
const SUBJECTS: Readonly<Record<string, (upstreamPort: number) => Promise<Subject>>> = {
  nginx: startNginx,
  portkey: startPortkey,
  L0: (port) => startLevel('L0', port),
  L1: (port) => startLevel('L1', port),
  L2: (port) => startLevel('L2', port),
  L3: startCounterfoil,
};
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

requirePrograms([
  'redis-server',
  'taskset',
  ...(values.subjects.split(',').includes('nginx') ? (['nginx'] as const) : []),
]);
const stage = await setStage(
  values.subjects.split(',').map((name) => {
    const [level, checkout] = name.split('@');
    if (level === 'L3' && checkout) return (port: number) => startCounterfoil(port, { checkout });
    const start = SUBJECTS[name];
    if (!start) throw new Error(`no subject ${name}: ${Object.keys(SUBJECTS).join(', ')}`);
    return start;
  }),
);
try {
  console.log(`${rounds} rounds of ${seconds} s; load average at the start ${loadavg()[0]?.toFixed(1)}\n`);
  for (const traffic of values.traffic.split(',') as Traffic[]) await climb(traffic);
} finally {
  await stage.close();
}

async function climb(traffic: Traffic): Promise<void> {
  // Compilers and caches warm up outside the measurement.
  for (const subject of stage.subjects) {
    await counted(stage, subject, { traffic, connections: 64, seconds: WARM_UP_SECONDS });
  }
  for (const connections of values.connections.split(',').map(Number)) {
    const results = new Map<Subject, Measurement[]>(stage.subjects.map((subject) => [subject, []]));
    for (let round = 0; round < rounds; round++) {
      // There and back: whoever comes right after another one may be better or worse off for it.
      const turns = round % 2 === 0 ? [...results] : [...results].reverse();
      for (const [subject, measurements] of turns) {
        measurements.push(await counted(stage, subject, { traffic, connections, seconds }));
      }
    }
    const rows = [...results].map(([{ name }, measurements]) => ({ name, measurements }));
    console.log(`### ${traffic}, ${connections} connections (load average ${loadavg()[0]?.toFixed(1)})\n`);
    console.log(
      [ladderTable(rows), changeTable(rows), targetTable(traffic, connections, rows)]
        .filter((table) => table !== '')
        .join('\n\n'),
      '\n',
    );
  }
}
