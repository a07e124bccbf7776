import { setTimeout as wait } from 'node:timers/promises';
import { markdownTable } from '../support/markdown.js';
import { residentMiB } from '../support/processor.js';
import { requirePrograms } from '../support/requirements.js';
import { counted } from './books.js';
import { setStage } from './stage.js';
import { startLevel } from './subjects/levels.js';
import { startNginx } from './subjects/nginx.js';
import { startCounterfoil } from './subjects/service.js';
import type { Subject } from './subjects/subject.js';
import { IDLE_MS, PACE_MS, STREAM_EVENTS } from './traffic.js';

// Streams as models produce them, an event every 20 ms, and streams that say nothing for long: what they cost, whether they come in time.
//   npm run bench:streams

const SECONDS = 6;
const IDEAL_MS = (STREAM_EVENTS * PACE_MS).toFixed(0);

requirePrograms(['nginx', 'redis-server', 'taskset']);
const stage = await setStage([startNginx, (port) => startLevel('L0', port), startCounterfoil]);
try {
  for (const subject of stage.subjects) await paced(subject, 50);
  const rows: string[][] = [];
  for (const streams of [200, 500, 1_000]) {
    for (const subject of stage.subjects) rows.push(await paced(subject, streams));
  }
  for (const subject of stage.subjects) rows.push(await idle(subject, 2_000));
  console.log(`A stream takes ${IDEAL_MS} ms when nothing is late; an idle one ${IDLE_MS} ms.\n`);
  const columns = ['', 'streams', 'CPU of one core', 'CPU µs a stream', 'p50 ms', 'p99 ms', 'memory MiB'];
  console.log(markdownTable(columns, rows));
} finally {
  await stage.close();
}

async function paced(subject: Subject, streams: number): Promise<string[]> {
  const order = { traffic: 'sse-paced', connections: streams, seconds: SECONDS } as const;
  return rowOf(subject, streams, await counted(stage, subject, order), residentMiB(subject.pids));
}

async function idle(subject: Subject, streams: number): Promise<string[]> {
  // One stream a connection: the next would begin after the last second.
  const order = { traffic: 'sse-idle', connections: streams, seconds: 5 } as const;
  const [measurement, memory] = await Promise.all([
    counted(stage, subject, order),
    wait(IDLE_MS - 3_000).then(() => residentMiB(subject.pids)),
  ]);
  return rowOf(subject, streams, measurement, memory);
}

function rowOf(
  { name }: Subject,
  streams: number,
  { cpuMicros, callsPerSecond, p50Ms, p99Ms }: Awaited<ReturnType<typeof counted>>,
  memoryMiB: number,
): string[] {
  const share = `${((cpuMicros * callsPerSecond) / 1e4).toFixed(0)} %`;
  return [
    name,
    String(streams),
    share,
    cpuMicros.toFixed(0),
    p50Ms.toFixed(0),
    p99Ms.toFixed(0),
    String(memoryMiB),
  ];
}
