import { randomUUID } from 'node:crypto';
import type { RecordedEvent } from '../../src/eventstore/event-store.js';
import { GrowingBundle } from '../../src/transparency/growing-bundle.js';
import { GrowingTree } from '../../src/transparency/growing-tree.js';
import { hashLeaf } from '../../src/transparency/hashing.js';
import { createLeafMaker } from '../../src/transparency/leaf-entry.js';

/** What the transparency log costs for each event, without log and tables: entries, leaves, tiles, bundles. */
const EVENTS = Number(process.argv[2] ?? 1_000_000);
const A_PAGE = 2_000;
const dataText = JSON.stringify({ call: randomUUID(), model: 'gpt-4o-mini', usage: 'x'.repeat(700) });
const metadataText = JSON.stringify({ actor: 'relay', request_id: randomUUID() });
const leaves = createLeafMaker(Buffer.alloc(32, 1));
const tree = GrowingTree.empty();
const bundle = await GrowingBundle.resume(0, () => Promise.resolve(undefined));
const ids = Array.from({ length: A_PAGE }, () => randomUUID());
const recordedAt = new Date();

const eventAt = (index: number): RecordedEvent => ({
  id: ids[index % A_PAGE] as string,
  stream: 'usage-f7b4c5f5-9f0e-5d55-8e6e-2f1f4b9a3c11-202611-0c',
  revision: BigInt(index),
  type: 'consumption-recorded.v2',
  position: BigInt(index),
  recordedAt,
  data: {},
  metadata: {},
  dataText,
  metadataText,
});

const startedMs = performance.now();
const before = process.cpuUsage();
let bytes = 0;
for (let index = 0; index < EVENTS; index += 1) {
  const entry = leaves.entryOf(eventAt(index));
  tree.append(hashLeaf(entry));
  bundle.append(entry, BigInt(index));
  if (index % A_PAGE !== A_PAGE - 1) continue;
  for (const { hashes } of tree.takeGrown()) bytes += hashes.length;
  for (const { entries, positions } of bundle.takeGrown()) bytes += entries.length + positions.length;
}
const { user, system } = process.cpuUsage(before);
const seconds = (performance.now() - startedMs) / 1_000;
const microseconds = (user + system) / EVENTS;
console.log(
  `${EVENTS} events: ${seconds.toFixed(1)} s, ${microseconds.toFixed(1)} µs of processor an event ` +
    `(${Math.round(1e6 / microseconds)} a second of processor), ${Math.round(bytes / EVENTS)} bytes an event, ` +
    `peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, root ${tree.root().toString('hex', 0, 4)}`,
);
