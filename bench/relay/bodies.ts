// Hostile bodies through what reads a chat's body: what each takes of a processor, and for how long nobody else has a turn.
// npm run bench:bodies -- [megabytes,…]
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
const ROUNDS = 5;
const FACTS = { parameters: {}, headers: {}, query: new URLSearchParams() };

/** At most, for a megabyte that was begun. */
const TARGET_MS_A_MEGABYTE = 50;
/** At most, of one turn in which nobody else is served. */
const TARGET_TURN_MS = 100;

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

/** Of this process, its collector's threads included: what others do on the machine does not count. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function processorMsOf(step: () => unknown): Promise<number> {
  const before = processorMs();
  await step();
  return processorMs() - before;
}

/** The most that was worked at once, of the processor, while `read` went on. */
async function longestTurnMs(read: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let over = false;
  const watch = async () => {
    for (let last = processorMs(); !over;) {
      await setImmediate();
      const now = processorMs();
      longest = Math.max(longest, now - last);
      last = now;
    }
  };
  const watching = watch();
  await read();
  over = true;
  await watching;
  return longest;
}

/** Of several rounds the best: caches are cold when another process has just had the core. */
async function best(measure: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) least = Math.min(least, await measure());
  return least;
}

/** What JSON.parse alone stops the process for. */
function atOnce(body: Buffer): void {
  try {
    JSON.parse(body.toString('utf8'));
  } catch {
    // How long it takes to find that it is none.
  }
}

const verdicts: [what: string, limit: number, measured: number][] = [];

async function rowOf(name: string, body: Buffer): Promise<string[]> {
  const outcome = await readOnce(body);
  const ms = await best(() => processorMsOf(() => readOnce(body)));
  const turnMs = await best(() => longestTurnMs(() => readOnce(body)));
  const size = body.length / MEGABYTE;
  const msAMegabyte = ms / Math.ceil(size - 0.01);
  if (outcome === 'read')
    verdicts.push([`${name}, ${size.toFixed(1)} MB: ms a MB`, TARGET_MS_A_MEGABYTE, msAMegabyte]);
  verdicts.push([`${name}, ${size.toFixed(1)} MB: longest turn, ms`, TARGET_TURN_MS, turnMs]);
  return [
    name,
    size.toFixed(1),
    outcome,
    ms.toFixed(1),
    outcome === 'read' ? msAMegabyte.toFixed(1) : '',
    turnMs.toFixed(1),
    (await processorMsOf(() => atOnce(body))).toFixed(0),
  ];
}

const sizes = (process.argv[2] ?? '1,16').split(',').map(Number);
const rows: string[][] = [];
for (const megabytes of sizes)
  for (const [name, make] of Object.entries(shapesOf(megabytes * MEGABYTE)))
    rows.push(await rowOf(name, make()));
const head = ['shape', 'MB', 'outcome', 'ms', 'ms a MB', 'longest turn, ms', 'JSON.parse alone, ms'];
process.stdout.write(`${markdownTable(head, rows)}\n\n`);

const missed = verdicts.filter(([, limit, measured]) => measured > limit);
for (const [what, limit, measured] of missed)
  process.stdout.write(`MISSED ${what}: ${measured.toFixed(1)}, at most ${limit}\n`);
process.stdout.write(`${verdicts.length - missed.length} of ${verdicts.length} targets met\n`);
if (missed.length > 0) process.exitCode = 1;
