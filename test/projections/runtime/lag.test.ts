import { describe, expect, it, jest } from '@jest/globals';
import { EventStoreUnavailable } from '../../../src/eventstore/event-store.js';
import { createMemoryEventStore } from '../../../src/eventstore/memory/memory-event-store.js';
import { Lag } from '../../../src/projections/runtime/lag.js';
import { anEvent, append } from '../../support/events.js';

const AT = new Date('2026-11-28T12:00:00Z');
const later = (seconds: number): Date => new Date(AT.getTime() + seconds * 1_000);

describe('how far tables are behind the log', () => {
  it('is what is to come, and how old the first of that is', async () => {
    const store = createMemoryEventStore({ now: () => AT });
    const lag = new Lag(store, () => later(7));
    expect(await lag.measure(-1n)).toEqual({ lagPositions: 0n, lagSeconds: 0 });
    await append(store, anEvent('account-registered'), anEvent('payment-credited'));
    expect(await lag.measure(-1n)).toEqual({ lagPositions: 2n, lagSeconds: 7 });
    expect(await lag.measure(1n)).toEqual({ lagPositions: 0n, lagSeconds: 0 });
  });

  it.each(['head', 'readAll'] as const)(
    'is not known while the log does not answer (%s), whatever was known before',
    async (question) => {
      const store = createMemoryEventStore({ now: () => AT });
      await append(store, anEvent('account-registered'), anEvent('payment-credited'));
      const lag = new Lag(store, () => later(1));
      const good = { lagPositions: 2n, lagSeconds: 1 };
      expect(await lag.measure(-1n)).toEqual(good);
      const away = jest.spyOn(store, question).mockRejectedValue(new EventStoreUnavailable('away'));
      expect(await lag.measure(-1n)).toEqual({ lagPositions: undefined, lagSeconds: undefined });
      away.mockRestore();
      expect(await lag.measure(-1n)).toEqual(good);
    },
  );
});
