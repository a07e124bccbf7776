import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createUsageWriter } from '../../../src/commands/usage/record-usage.js';
import { typeOfStored } from '../../../src/domain/events/versions.js';
import { usageStream } from '../../../src/domain/streams.js';
import type { EndCall } from '../../../src/domain/usage/decide.js';
import { newCallId } from '../../../src/domain/usage/call-id.js';
import { createMemoryEventStore } from '../../../src/eventstore/memory/memory-event-store.js';
import { MemoryLog } from '../../../src/eventstore/memory/memory-log.js';
import { anEvent } from '../../support/events.js';
import { type AppendFault, FaultyEventStore } from '../../support/faulty-event-store.js';

const TEN = Date.parse('2026-11-21T10:00:00Z');
const SECOND = 1_000;

/** A log and a clock that all processes agree on. */
function world(startMs = TEN) {
  const clock = { nowMs: startMs };
  const log = new MemoryLog(() => new Date(clock.nowMs));
  const writerOf = (faults: readonly AppendFault[] = []) => {
    const store = new FaultyEventStore(createMemoryEventStore({ log }));
    store.appendFaults.push(...faults);
    let read = 0;
    const counting = {
      append: store.append.bind(store),
      readStream: async (...question: Parameters<typeof store.readStream>) => {
        const events = await store.readStream(...question);
        read += events.length;
        return events;
      },
    };
    const options = { now: () => clock.nowMs, resolveWithinMs: 200, maxPending: 10_000 };
    const writer = createUsageWriter({ store: counting, ...options });
    return { writer, store, read: () => read };
  };
  const call = (lane: number): EndCall => {
    const call_id = newCallId('process', lane, clock.nowMs, randomUUID());
    const started_at = new Date(clock.nowMs).toISOString();
    return anEvent('consumption-recorded', { call_id, account_id: randomUUID(), started_at });
  };
  const types = ({ data }: EndCall) =>
    log.events.filter((event) => event.data.call_id === data.call_id).map(({ type }) => typeOfStored(type));
  return { clock, log, writerOf, call, types };
}

const abandoned = ({ data }: EndCall): EndCall =>
  anEvent('call-abandoned', { call_id: data.call_id, started_at: data.started_at, quota: 5n });
const own = (event: EndCall) => ({ event, recovered: false });

describe('streams of processes', () => {
  it('take the charges of all accounts in one append', async () => {
    const { writerOf, call, log } = world();
    const { writer, store } = writerOf();
    await Promise.all(Array.from({ length: 100 }, () => writer.end(own(call(12)))));
    expect(log.stream('usage-0c-2026112110')).toHaveLength(100);
    expect(store.appends).toHaveLength(1);
  });

  it('begin anew with the hour in which a call begins, whenever it ends', async () => {
    const { writerOf, call, clock, log } = world(TEN - SECOND);
    const { writer, store, read } = writerOf();
    const before = call(255);
    clock.nowMs = TEN;
    const after = call(255);
    await Promise.all([writer.end(own(after)), writer.end(own(before))]);
    expect(log.stream('usage-ff-2026112109')[0]?.data.call_id).toBe(before.data.call_id);
    expect(log.stream('usage-ff-2026112110')[0]?.data.call_id).toBe(after.data.call_id);
    expect((await writer.end(own(before))).how).toBe('found');
    // The store groups what independent streams have for it; nothing was there to be read.
    expect([store.appends.length, read()]).toEqual([2, 0]);
  });

  it('find a charge that was stored before its process was killed, and read no more than came since its hold', async () => {
    const { writerOf, call, log, types, clock } = world();
    const dying = writerOf();
    for (let round = 0; round < 5; round++)
      await Promise.all(Array.from({ length: 1_000 }, () => dying.writer.end(own(call(3)))));
    const last = call(3);
    const after = dying.writer.endingAfter(last.data);
    expect(after).toBe(4_999n);
    // Stored, and nobody is told: neither the process, which is gone, nor its spool.
    dying.store.appendFaults.push('stored-unknown', ...Array.from({ length: 20 }, (): AppendFault => 'lost'));
    await expect(dying.writer.end(own(last))).rejects.toThrow();
    dying.store.appendFaults.length = 0;
    // Its thread goes on for a while.
    for (let round = 0; round < 2; round++)
      await Promise.all(Array.from({ length: 300 }, () => dying.writer.end(own(call(3)))));
    expect(log.stream(usageStream(last.data))).toHaveLength(5_601);
    clock.nowMs += 20 * SECOND;

    const sweeping = writerOf();
    const swept = await sweeping.writer.end({ event: abandoned(last), recovered: true, after });

    expect(swept).toMatchObject({ how: 'found', quota: 27n });
    expect(types(last)).toEqual(['consumption-recorded']);
    expect(sweeping.read()).toBe(750);
    // What came since is known now: the next of that process costs no reading.
    const another = call(3);
    await sweeping.writer.end({ event: abandoned(another), recovered: true, after: 5_300n });
    expect(sweeping.read()).toBe(750);
  });

  it('end a lost call once, and correct it when its process comes back', async () => {
    const { writerOf, call, types } = world();
    const zombie = writerOf();
    await zombie.writer.end(own(call(3)));
    const lost = call(3);
    const after = zombie.writer.endingAfter(lost.data);
    const sweepers = [writerOf(), writerOf()];
    const end = { event: abandoned(lost), recovered: true, after };
    const swept = await Promise.all(sweepers.map(({ writer }) => writer.end(end)));
    expect(swept.map(({ how }) => how).sort()).toEqual(['appended', 'found']);
    expect(await zombie.writer.end(own(lost))).toMatchObject({ how: 'corrected', quota: 27n });
    expect(types(lost)).toEqual(['call-abandoned', 'consumption-corrected']);
  });

  it('do not say behind what a call ended that is known to have ended, or of which too little is known', async () => {
    const { writerOf, call, clock } = world();
    const { writer } = writerOf();
    const first = call(3);
    expect(writer.endingAfter(first.data)).toBeUndefined();
    await writer.end(own(first));
    expect(writer.endingAfter(first.data)).toBeUndefined();
    // Another process's: this one has not seen what came since it began.
    const early = call(3);
    clock.nowMs += 3_600 * SECOND;
    const stranger = writerOf().writer;
    await stranger.end({ event: abandoned(early), recovered: true, after: 0n });
    expect(stranger.endingAfter({ ...first.data, call_id: call(3).data.call_id })).toBeUndefined();
  });

  it('go on where another process had the lane before', async () => {
    const { writerOf, call, log, types, clock } = world();
    const first = writerOf().writer;
    const calls = Array.from({ length: 300 }, () => call(9));
    await Promise.all(calls.map((each) => first.end(own(each))));
    clock.nowMs += 600 * SECOND;
    const heir = writerOf().writer;
    const ended = await heir.end(own(call(9)));
    expect(ended.how).toBe('appended');
    expect(log.stream('usage-09-2026112110')).toHaveLength(301);
    const found = await heir.end({ event: calls[0] as EndCall, recovered: true });
    expect(found.how).toBe('found');
    expect(types(calls[0] as EndCall)).toHaveLength(1);
  });

  it('end in one charge a call whatever the store answers, also where two processes believe that a lane is theirs', async () => {
    const fault = fc.constantFrom<AppendFault>('none', 'stored-unknown', 'lost', 'late', 'unavailable');
    const orders = fc.array(fault, { maxLength: 12 });
    const many = fc.integer({ min: 1, max: 12 });
    await fc.assert(
      fc.asyncProperty(orders, orders, many, fc.nat(20), async (here, there, count, step) => {
        const { writerOf, call, types, clock, log } = world(TEN - 5 * SECOND);
        const writers = [writerOf(here).writer, writerOf(there).writer];
        const writer = (which: number) => writers[which % 2] as (typeof writers)[number];
        const calls = Array.from({ length: count }, (_, which) => {
          // Over the change of the hour.
          clock.nowMs += step * 100;
          const event = call(3);
          return { event, which, after: writer(which).endingAfter(event.data) };
        });
        const report = (each: (typeof calls)[number], by: number, recovered: boolean) =>
          writer(by)
            .end({ event: each.event, recovered, after: recovered ? each.after : undefined })
            .catch(() => 'failed' as const);
        await Promise.all(calls.map((each) => report(each, each.which, false)));
        // Whoever failed is drained until it works, by either process.
        for (const each of calls) while ((await report(each, each.which + 1, true)) === 'failed') continue;
        for (const { event } of calls) expect(types(event)).toEqual(['consumption-recorded']);
        expect(log.events).toHaveLength(count);
      }),
      { numRuns: 40 },
    );
  });
});
