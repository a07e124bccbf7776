import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { typeOfStored } from '../../../src/domain/events/versions.js';
import { createUsageWriter, type UsageWriterOptions } from '../../../src/commands/usage/record-usage.js';
import { newCallId } from '../../../src/domain/usage/call-id.js';
import type { EndCall } from '../../../src/domain/usage/decide.js';
import { createMemoryEventStore } from '../../../src/eventstore/memory/memory-event-store.js';
import { MemoryLog } from '../../../src/eventstore/memory/memory-log.js';
import { ACCOUNT_ID, anEvent } from '../../support/events.js';
import { FaultyEventStore, type AppendFault } from '../../support/faulty-event-store.js';

/** Of calls that began now. */
const STREAM = `usage-${ACCOUNT_ID}-${new Date().toISOString().slice(0, 7).replace('-', '')}`;

function setup(overrides: Partial<UsageWriterOptions> = {}) {
  const log = new MemoryLog(() => new Date());
  const client = () => new FaultyEventStore(createMemoryEventStore({ log }));
  const store = client();
  const writer = (on = store) =>
    createUsageWriter({ store: on, now: Date.now, resolveWithinMs: 2000, maxPending: 1000, ...overrides });
  const types = (callId: string) =>
    log.events.filter(({ data }) => data.call_id === callId).map(({ type }) => typeOfStored(type));
  return { log, store, client, writer, types };
}

const own = (event: EndCall) => ({ event, recovered: false });
const recovered = (event: EndCall) => ({ event, recovered: true });
const consumption = (callId: string = randomUUID()) =>
  anEvent('consumption-recorded', { call_id: callId, started_at: new Date().toISOString() });
const abandonment = (callId: string, quota = 5n) =>
  anEvent('call-abandoned', { call_id: callId, quota, started_at: new Date().toISOString() });

describe('the usage writer', () => {
  it('lets the calls of an account that end together share an append', async () => {
    const { store, writer, log } = setup();
    const usage = writer();
    const ended = await Promise.all(Array.from({ length: 100 }, () => usage.end(own(consumption()))));
    expect(ended.every(({ how, quota }) => how === 'appended' && quota === 27n)).toBe(true);
    expect(log.stream(STREAM)).toHaveLength(100);
    expect(store.appends).toHaveLength(1);
    expect(usage.pending).toBe(0);
  });

  it('keeps the calls of two processes apart, and finds each by its id alone', async () => {
    const { store, client, log, writer, types } = setup();
    const [here, there] = [writer(), writer(client())];
    const callIds = [7, 200].map((lane) => newCallId('account', lane, 0, randomUUID())) as [string, string];
    await Promise.all([here.end(own(consumption(callIds[0]))), there.end(own(consumption(callIds[1])))]);
    expect([log.stream(`${STREAM}-07`), log.stream(`${STREAM}-c8`)].map(({ length }) => length)).toEqual([
      1, 1,
    ]);
    expect(store.appends).toHaveLength(1);
    const found = await there.end(recovered(consumption(callIds[0])));
    expect(found.how).toBe('found');
    expect(types(callIds[0])).toEqual(['consumption-recorded']);
  });

  it('respects the limits of an append', async () => {
    const { store, writer, log } = setup();
    const usage = writer();
    await Promise.all(Array.from({ length: 500 }, () => usage.end(own(consumption()))));
    expect(log.stream(STREAM)).toHaveLength(500);
    expect(store.appends).toHaveLength(3);
  });

  it('charges a call once, however often and by whomever it is reported', async () => {
    const { writer, types } = setup();
    const [here, there] = [writer(), writer()];
    const call = consumption();
    const callId = call.data.call_id;
    const together = await Promise.all([
      here.end(own(call)),
      here.end(own(call)),
      there.end(recovered(call)),
    ]);
    expect(together.filter(({ how }) => how === 'appended')).toHaveLength(1);
    expect((await there.end(own(call))).how).toBe('found');
    expect((await writer().end(recovered(call))).how).toBe('found');
    expect(types(callId)).toEqual(['consumption-recorded']);
  });

  it.each([
    ['two hours ahead', 2 * 3_600_000],
    ['five minutes ahead', 5 * 60_000],
    ['two hours behind', -2 * 3_600_000],
  ])('charges a call once whose process had its clock %s when the call began', async (_how, offMs) => {
    const beganMs = Date.parse('2026-11-21T09:00:00Z');
    const clock = { nowMs: beganMs };
    const log = new MemoryLog(() => new Date(clock.nowMs));
    const store = () => new FaultyEventStore(createMemoryEventStore({ log }));
    const writer = (now = () => clock.nowMs) =>
      createUsageWriter({ store: store(), now, resolveWithinMs: 2000, maxPending: 1000 });
    const at = (ms: number, callId: string = randomUUID()) =>
      anEvent('consumption-recorded', { call_id: callId, started_at: new Date(ms).toISOString() });
    const call = at(beganMs + offMs);
    await writer(() => clock.nowMs + offMs).end(own(call));
    // More than a page of other calls, and then some that a process knows that has only just been started.
    clock.nowMs = beganMs + 60_000;
    const other = writer();
    for (let count = 0; count < 300; count++) await other.end(own(at(clock.nowMs)));
    clock.nowMs = beganMs + 600_000;
    const restarted = writer();
    await restarted.end(own(at(clock.nowMs)));

    expect((await restarted.end(recovered(call))).how).toBe('found');

    expect(log.events.filter(({ data }) => data.call_id === call.data.call_id)).toHaveLength(1);
  });

  it('keeps the doubt of a charge that arrives as a correction', async () => {
    const { writer, log } = setup();
    const zombie = writer();
    await zombie.end(own(consumption()));
    const call = consumption();
    await writer().end(recovered(abandonment(call.data.call_id)));
    const doubt = { reason: 'it is negative', reported: 'prompt_tokens -5' };
    await zombie.end(own({ ...call, data: { ...call.data, doubt } }));
    const { request_id, usage } = call.data;
    const { prompt_tokens, completion_tokens } = usage;
    expect(log.stream(STREAM).at(-1)?.data['doubt']).toEqual({
      ...doubt,
      request_id,
      prompt_tokens,
      completion_tokens,
    });
  });

  it('corrects a call that was abandoned before its charge arrived, once', async () => {
    const { writer, types, log } = setup();
    const zombie = writer();
    await zombie.end(own(consumption()));
    const call = consumption();
    const callId = call.data.call_id;
    expect(await writer().end(recovered(abandonment(callId)))).toMatchObject({ how: 'appended', quota: 5n });
    expect(await zombie.end(own(call))).toMatchObject({ how: 'corrected', quota: 27n });
    expect((await zombie.end(own(call))).how).toBe('found');
    expect((await writer().end(recovered(call))).how).toBe('found');
    expect(types(callId)).toEqual(['call-abandoned', 'consumption-corrected']);
    expect(log.stream(STREAM).at(-1)?.data).toMatchObject({
      quota_before: '5',
      quota: '27',
      difference: '22',
    });
  });

  it('lets two sweepers abandon a call once, and none a call that is charged', async () => {
    const { writer, types } = setup();
    const lost = randomUUID();
    await Promise.all([
      writer().end(recovered(abandonment(lost))),
      writer().end(recovered(abandonment(lost))),
    ]);
    expect(types(lost)).toEqual(['call-abandoned']);
    const charged = consumption();
    await writer().end(own(charged));
    const swept = await writer().end(recovered(abandonment(charged.data.call_id)));
    expect(swept).toMatchObject({ how: 'found', quota: 27n });
  });

  it('finds a call behind more events than it keeps of a long read', async () => {
    const { writer } = setup();
    const first = consumption();
    const usage = writer();
    await usage.end(own(first));
    for (let round = 0; round < 12; round += 1)
      await Promise.all(Array.from({ length: 1000 }, () => usage.end(own(consumption()))));
    expect((await writer().end(recovered(first))).how).toBe('found');
  });

  it('says that the ledger is unavailable when the store is down or never answers', async () => {
    const { writer, store, types } = setup({ resolveWithinMs: 50 });
    const usage = writer();
    store.down = true;
    await expect(usage.end(own(consumption()))).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    store.down = false;
    store.appendFaults.push('stored-unknown', ...Array.from({ length: 20 }, (): AppendFault => 'lost'));
    const call = consumption();
    await expect(usage.end(own(call))).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    store.appendFaults.length = 0;
    expect(await usage.end(own(call))).toMatchObject({ quota: 27n });
    expect(types(call.data.call_id)).toEqual(['consumption-recorded']);
  });

  it('refuses more waiting calls than it is allowed', async () => {
    const { writer } = setup({ maxPending: 1 });
    const usage = writer();
    const first = usage.end(own(consumption()));
    await expect(usage.end(own(consumption()))).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    await expect(first).resolves.toMatchObject({ how: 'appended' });
  });

  it('ends in one charge a call whatever the store answers, with two writers on one account', async () => {
    const fault = fc.constantFrom<AppendFault>('none', 'stored-unknown', 'lost', 'late', 'unavailable');
    const orders = fc.array(fault, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(orders, orders, fc.integer({ min: 1, max: 12 }), async (here, there, count) => {
        const { log, client, writer, types } = setup({ resolveWithinMs: 100 });
        const [one, two] = [client(), client()];
        one.appendFaults.push(...here);
        two.appendFaults.push(...there);
        const writers = [writer(one), writer(two)];
        const calls = Array.from({ length: count }, () => consumption());
        const report = (call: EndCall, which: number) =>
          writers[which % 2]!.end({ event: call, recovered: which >= 2 }).catch(() => 'failed' as const);
        await Promise.all(calls.map((call, index) => report(call, index % 4)));
        // Whoever failed is drained until it works, by either process.
        for (const [index, call] of calls.entries())
          while ((await report(call, 2 + ((index + 1) % 2))) === 'failed') continue;
        for (const { data } of calls) expect(types(data.call_id)).toEqual(['consumption-recorded']);
        expect(log.stream(STREAM)).toHaveLength(count);
      }),
      { numRuns: 60 },
    );
  });
});
