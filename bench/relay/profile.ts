import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from '../support/markdown.js';
import { counted } from './books.js';
import { setStage } from './stage.js';
import { type Level, startLevel } from './subjects/levels.js';
import { startCounterfoil } from './subjects/service.js';
import type { Traffic } from './traffic.js';

// Where the CPU time of a level goes: runs it under load with `node --cpu-prof` and prints the functions with most time of their own.
//   npm run bench:profile -- [--level L3] [--traffic json-1k] [--connections 16] [--seconds 6] [--top 40]

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds of the monotonic clock. */
  readonly startTime: number;
  readonly timeDeltas: readonly number[];
}

/** As in the ladder: the compiler is not done with a call's code before some 20,000 of them. */
const WARM_UP = { connections: 64, seconds: 15 };
const { values } = parseArgs({
  options: {
    level: { type: 'string', default: 'L3' },
    traffic: { type: 'string', default: 'json-1k' },
    connections: { type: 'string', default: '16' },
    seconds: { type: 'string', default: '6' },
    top: { type: 'string', default: '40' },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'counterfoil-profile-'));
const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500'];
const stage = await setStage([
  (port) =>
    values.level === 'L3'
      ? startCounterfoil(port, { relayNodeOptions: nodeOptions })
      : startLevel(values.level as Level, port, nodeOptions),
]);
const monotonicMicros = () => Number(process.hrtime.bigint() / 1_000n);
let calls = 0;
let [from, to] = [0, 0];
try {
  const traffic = values.traffic as Traffic;
  const connections = Number(values.connections);
  for (const subject of stage.subjects) {
    await counted(stage, subject, { traffic, ...WARM_UP });
    from = monotonicMicros();
    const measured = await counted(stage, subject, { traffic, connections, seconds: Number(values.seconds) });
    to = monotonicMicros();
    calls = measured.completed;
    console.log(
      `${Math.round(measured.cpuMicros)} µs of CPU a call, profiler included; ${measured.completed} calls\n`,
    );
  }
} finally {
  await stage.close();
}
const files = (await readdir(folder)).filter((file) => file.endsWith('.cpuprofile'));
for (const file of files) {
  const profile = JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile;
  console.log(`${join(folder, file)}\n\n${hottest(profile, Number(values.top))}\n`);
}

function hottest({ nodes, samples, startTime, timeDeltas }: CpuProfile, top: number): string {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const micros = new Map<string, number>();
  let now = startTime;
  samples.forEach((id, at) => {
    now += timeDeltas[at] ?? 0;
    // What a process does at its start is not what a call costs.
    if (now < from || now > to) return;
    const name = names.get(id) ?? '?';
    micros.set(name, (micros.get(name) ?? 0) + (timeDeltas[at] ?? 0));
  });
  const rows = [...micros].sort(([, a], [, b]) => b - a).slice(0, top);
  return markdownTable(
    ['µs a call', 'function'],
    rows.map(([name, own]) => [(own / calls).toFixed(1), name]),
  );
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  return `${functionName || '(anonymous)'} ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`;
}
