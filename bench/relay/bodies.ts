// Hostile bodies through what reads a chat's body: how long each takes, and for how long nobody else has a turn.
// npm run bench:bodies -- [megabytes]
import { setImmediate } from 'node:timers/promises';
import { parseAhead } from '../../src/relay/dialects/json/body.js';
import { BodyScan } from '../../src/relay/dialects/json/scan.js';
import { chat } from '../../src/relay/dialects/openai/chat/endpoint.js';
import { CallRefused } from '../../src/relay/errors.js';
import { markdownTable } from '../support/markdown.js';
import { shapesOf } from './body-shapes.js';

const MEGABYTE = 1024 * 1024;
/** What a socket gives at once. */
const CHUNK_BYTES = 64 * 1024;
const ROUNDS = 3;
const FACTS = { parameters: {}, headers: {}, query: new URLSearchParams() };

interface Measured {
  readonly outcome: string;
  readonly ms: number;
  readonly longestStallMs: number;
}

async function readOnce(body: Buffer): Promise<string> {
  const scan = new BodyScan();
  try {
    for (let at = 0; at < body.length; at += CHUNK_BYTES) {
      scan.push(body.subarray(at, at + CHUNK_BYTES));
      await setImmediate();
    }
    await parseAhead(body);
    chat.parse(body, FACTS);
    return 'read';
  } catch (error) {
    if (error instanceof CallRefused && error.refusal.code === 'invalid_request')
      return error.refusal.message;
    throw error;
  }
}

/** Of several rounds the best, since others use the machine too. */
async function measured(read: () => Promise<string>): Promise<Measured> {
  let best: Measured | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    let longestStallMs = 0;
    let over = false;
    const watch = async () => {
      for (let last = performance.now(); !over;) {
        await setImmediate();
        const now = performance.now();
        longestStallMs = Math.max(longestStallMs, now - last);
        last = now;
      }
    };
    const watching = watch();
    const started = performance.now();
    const outcome = await read();
    const ms = performance.now() - started;
    over = true;
    await watching;
    if (!best || longestStallMs < best.longestStallMs) best = { outcome, ms, longestStallMs };
  }
  return best as Measured;
}

/** What JSON.parse alone stops the process for. */
function atOnceMs(body: Buffer): number {
  const started = performance.now();
  try {
    JSON.parse(body.toString('utf8'));
  } catch {
    // How long it takes to find that it is none.
  }
  return performance.now() - started;
}

const megabytes = Number(process.argv[2] ?? 16);
const rows: string[][] = [];
for (const [name, make] of Object.entries(shapesOf(megabytes * MEGABYTE))) {
  const body = make();
  await measured(() => readOnce(body));
  const { outcome, ms, longestStallMs } = await measured(() => readOnce(body));
  const size = body.length / MEGABYTE;
  rows.push([
    name,
    size.toFixed(1),
    outcome,
    ms.toFixed(1),
    outcome === 'read' ? (ms / size).toFixed(1) : '',
    longestStallMs.toFixed(1),
    atOnceMs(body).toFixed(0),
  ]);
}
const head = ['shape', 'MB', 'outcome', 'ms', 'ms a MB', 'longest stall, ms', 'JSON.parse alone, ms'];
process.stdout.write(`${markdownTable(head, rows)}\n`);
