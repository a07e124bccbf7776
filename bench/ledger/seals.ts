// What a seal costs an event: npm run bench:seals
import { randomUUID } from 'node:crypto';
import { encodeEvent } from '../../src/domain/events/codec.js';
import type { EventData, RecordedEvent, StreamWrite } from '../../src/eventstore/event-store.js';
import { textsWithinLimits } from '../../src/eventstore/limits.js';
import { Seals } from '../../src/eventstore/seals.js';
import { createSealKey } from '../../src/support/seal-key.js';
import { anEvent } from '../../test/support/events.js';

const [ROUNDS, APPENDS] = [15, 20_000];
const seals = new Seals(createSealKey(Buffer.alloc(32, 1)));
const event: EventData = {
  ...{ id: randomUUID(), ...encodeEvent(anEvent('consumption-recorded')) },
  metadata: { actor: 'relay' },
};
const writes: readonly StreamWrite[] = [{ stream: 'usage-account-202611-0c', expected: 7n, events: [event] }];
const [text] = textsWithinLimits(writes, seals) as [{ data: string; metadata: string }];
const recorded: RecordedEvent = {
  ...{ ...event, stream: 'usage-account-202611-0c', revision: 8n, position: 9n, recordedAt: new Date() },
  ...{ dataText: text.data, metadataText: text.metadata },
};
const sealings = [{ keyId: seals.keyId, position: 0n }];
if (seals.faultOf(recorded, sealings) !== undefined) throw new Error('what was sealed is not sealed rightly');

/** As an append puts them on the wire: a text that is in parts still is put together here, at the latest. */
const wire = Buffer.alloc(4096);
const written = ([text]: readonly { data: string; metadata: string }[]): void => {
  if (text) wire.write(text.metadata, wire.write(text.data));
};

/** Microseconds of the processor each, in turns, so that a busy machine is busy for all. */
const works = {
  'texts of an append': () => written(textsWithinLimits(writes)),
  'the same, sealed': () => written(textsWithinLimits(writes, seals)),
  'a seal looked at': () => void seals.faultOf(recorded, sealings),
};
const taken = new Map(Object.keys(works).map((name) => [name, [] as number[]]));
for (let round = 0; round < ROUNDS; round++)
  for (const [name, work] of Object.entries(works)) {
    const began = process.cpuUsage();
    for (let done = 0; done < APPENDS; done++) work();
    const { user, system } = process.cpuUsage(began);
    taken.get(name)?.push((user + system) / APPENDS);
  }
for (const [name, each] of taken) {
  const sorted = each.toSorted((a, b) => a - b);
  const [median, least] = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted[0] ?? 0];
  process.stdout.write(`${name}: ${median.toFixed(2)} µs (least ${least.toFixed(2)})\n`);
}
process.stdout.write(`an event of ${text.data.length + text.metadata.length} characters\n`);
