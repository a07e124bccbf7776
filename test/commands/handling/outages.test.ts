import { describe, expect, it } from '@jest/globals';
import { LedgerUnavailable } from '../../../src/commands/handling/command.js';
import { createCommands } from '../../../src/commands/create-commands.js';
import { type EventStore, EventStoreUnavailable } from '../../../src/eventstore/event-store.js';
import { createCommandWorld } from '../../support/command-world.js';
import { createScriptedEventStore, type Fault } from '../../support/scripted-event-store.js';

const meta = { actor: 'service-key:1', requestId: 'request-1' };
const externalUserId = 'u-1';

async function troubled(faults: readonly Fault[], overrides = {}) {
  const world = createCommandWorld();
  await world.commands.syncAccount({ externalUserId, username: 'alice' }, meta);
  await world.commands.creditPayment({ externalUserId, amountUsd: '10', paymentId: 'pi_1' }, meta);
  const abandoned: string[] = [];
  const commands = createCommands({
    ...world.dependencies,
    store: createScriptedEventStore(world.store, faults),
    reservations: { ...world.dependencies.reservations, abandon: (holdId) => abandoned.push(holdId) },
    timings: { deadlineMs: 30_000, unavailableAttempts: 3, baseDelayMs: 1, maxDelayMs: 2 },
    ...overrides,
  });
  return { world, commands, abandoned };
}
const refund = { paymentId: 'pi_1', refundId: 're_1', reason: '' };

describe('when the event store is away', () => {
  it('a command tries a few times and says so', async () => {
    const away = await troubled(Array<Fault>(3).fill('unavailable'));
    await expect(away.commands.refundPayment(refund, meta)).rejects.toThrow(LedgerUnavailable);
    const back = await troubled(Array<Fault>(2).fill('unavailable'));
    expect(await back.commands.refundPayment(refund, meta)).toMatchObject({ ok: true });
  });

  it('a doubt is not given up before the deadline, and the hold is left to the sweeper then', async () => {
    const { commands, abandoned, world } = await troubled(Array<Fault>(10_000).fill('unknown-lost'), {
      timings: { deadlineMs: 50, unavailableAttempts: 3, baseDelayMs: 1, maxDelayMs: 2 },
    });
    const started = performance.now();
    await expect(commands.refundPayment(refund, meta)).rejects.toThrow(LedgerUnavailable);
    expect(performance.now() - started).toBeGreaterThanOrEqual(50);
    expect(abandoned).toEqual([...world.holds.keys()]);
  });

  it('reading is tried again too', async () => {
    const { commands } = await troubled(['unavailable-read', 'unavailable-read']);
    expect(await commands.refundPayment(refund, meta)).toMatchObject({ ok: true });
  });
});

describe('when the deadline has passed', () => {
  const part = { ...refund, amountUsd: '2' };

  /** Before each of the first `times` appends somebody else refunds a part. */
  async function overtaken(times: number) {
    const { world, commands } = await troubled([]);
    let left = times;
    const append: EventStore['append'] = async (writes) => {
      if (left > 0) {
        const other = { paymentId: 'pi_1', refundId: `other-${left--}`, amountUsd: '1', reason: '' };
        await world.commands.refundPayment(other, meta);
      }
      return world.store.append(writes);
    };
    const store = Object.assign(Object.create(world.store) as EventStore, { append });
    const timings = { deadlineMs: -1, unavailableAttempts: 3, baseDelayMs: 1, maxDelayMs: 2 };
    return { commands: createCommands({ ...world.dependencies, store, timings }), usual: commands };
  }

  it('whoever lost one race hears what became of it', async () => {
    const { commands } = await overtaken(1);
    expect(await commands.refundPayment(part, meta)).toMatchObject({
      ok: true,
      value: { remainingUsd: '7' },
    });
  });

  it('whoever is overtaken again is told to come later', async () => {
    const { commands, usual } = await overtaken(2);
    await expect(commands.refundPayment(part, meta)).rejects.toThrow('others keep writing');
    expect(await usual.refundPayment(part, meta)).toMatchObject({ ok: true, value: { remainingUsd: '6' } });
  });
});

describe('when another server is away', () => {
  it.each([
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('too many clients'), { code: '53300' }),
    new Error('timeout exceeded when trying to connect'),
    new EventStoreUnavailable('x'),
  ])('%s is an outage', async (error) => {
    const { commands } = await troubled([], { balanceOf: () => Promise.reject(error) });
    const credit = { externalUserId, amountUsd: '1', paymentId: 'pi_2' };
    await expect(commands.creditPayment(credit, meta)).rejects.toThrow(LedgerUnavailable);
  });

  it('a fault of the program is not', async () => {
    const { commands } = await troubled([], { balanceOf: () => Promise.reject(new TypeError('bug')) });
    const credit = { externalUserId, amountUsd: '1', paymentId: 'pi_2' };
    await expect(commands.creditPayment(credit, meta)).rejects.toThrow(TypeError);
  });
});
