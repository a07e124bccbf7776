import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { machineConstants } from '../support/machine.js';
import { markdownTable } from '../support/markdown.js';
import { requirePrograms } from '../support/requirements.js';
import { counted } from './books.js';
import type { Measurement } from './measure.js';
import { changeTable, ladderTable, partsTable, quietRounds, targetTable } from './report.js';
import { setStage } from './stage.js';
import { subjectOf } from './subjects/all.js';
import type { Subject } from './subjects/subject.js';
import type { Traffic } from './traffic.js';

// What a call costs at each level, beside what people would otherwise run. Needs Linux, two cores, redis-server and nginx-light.
//   npm run bench -- [--rounds 5] [--seconds 2] [--traffic json-1k,json-50k,sse-burst] [--connections 1,16,64] [--warm-up 20000]
//     [--subjects nginx,portkey,L0,L1,L2,L3]
// L3/2000 is called by 2,000 accounts in turn, L3/team by the key of a team's member (four budgets a hold), L3+NAME=value has that in its
// environment, and L3@<folder> is the service of another checkout, with its packages installed: what a change costs is the ratio of the two in
// one run. Within a round every subject has its turn, so that what else the machine does strikes them alike. Where nginx is among them, only rounds count in which it took at most 1.1 times what
// it did in its best: in the others the machine was at fault. A failed call, or a ledger that disagrees with the upstream, fails the benchmark.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    traffic: { type: 'string', default: 'json-1k,json-50k,sse-burst' },
    connections: { type: 'string', default: '1,16,64' },
    subjects: { type: 'string', default: 'nginx,portkey,L0,L1,L2,L3' },
    'warm-up': { type: 'string', default: '20000' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

requirePrograms([
  'redis-server',
  'taskset',
  ...(values.subjects.split(',').includes('nginx') ? (['nginx'] as const) : []),
]);
const machine = machineConstants();
const stage = await setStage(values.subjects.split(',').map(subjectOf));
try {
  console.log(`${rounds} rounds of ${seconds} s; load average at the start ${loadavg()[0]?.toFixed(1)}\n`);
  const constants = [machine.systemCallMicros, machine.pageFaultMicros, machine.fdatasyncMs * 1_000];
  const names = ['system call, µs', 'page fault, µs', 'fdatasync, µs by the clock'];
  console.log(`${markdownTable(names, [constants.map((micros) => micros.toFixed(1))])}\n`);
  for (const traffic of values.traffic.split(',') as Traffic[]) await climb(traffic);
} finally {
  await stage.close();
}

async function climb(traffic: Traffic): Promise<void> {
  // Compilers, caches and the database's files warm up outside the measurement: by calls, for what is slow needs longer for as many.
  const most = Math.max(...values.connections.split(',').map(Number));
  const warmUp = { traffic, connections: most, calls: Number(values['warm-up']), seconds: 600 };
  for (const subject of stage.subjects) await counted(stage, subject, warmUp);
  for (const connections of values.connections.split(',').map(Number)) {
    const results = new Map<Subject, Measurement[]>(stage.subjects.map((subject) => [subject, []]));
    for (let round = 0; round < rounds; round++) {
      // There and back: whoever comes right after another one may be better or worse off for it.
      const turns = round % 2 === 0 ? [...results] : [...results].reverse();
      for (const [subject, measurements] of turns) {
        measurements.push(await counted(stage, subject, { traffic, connections, seconds }));
      }
    }
    const all = [...results].map(([{ name }, measurements]) => ({ name, measurements }));
    const quiet = quietRounds(all);
    const rows = all.map(({ name, measurements }) => ({
      name,
      measurements: measurements.filter((_each, round) => quiet.includes(round)),
    }));
    const kept = `${quiet.length} of ${rounds} rounds, load average ${loadavg()[0]?.toFixed(1)}`;
    console.log(`### ${traffic}, ${connections} connections (${kept})\n`);
    console.log(
      [
        ladderTable(rows),
        partsTable(rows),
        changeTable(rows),
        targetTable(traffic, connections, rows, machine),
      ]
        .filter((table) => table !== '')
        .join('\n\n'),
      '\n',
    );
  }
}
