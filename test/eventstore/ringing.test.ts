import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Ringing } from '../../src/eventstore/postgres/ringing.js';

describe('telling those who listen to the log', () => {
  let rings: number;
  let ringing: Ringing;
  beforeEach(() => {
    jest.useFakeTimers();
    rings = 0;
    ringing = new Ringing(async () => void (rings += 1));
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is a matter of the append after a pause, and not again within a tenth of a second', () => {
    expect(ringing.claim()).toBe(true);
    expect(ringing.claim()).toBe(false);
    jest.advanceTimersByTime(99);
    expect(ringing.claim()).toBe(false);
    jest.advanceTimersByTime(1);
    expect(ringing.claim()).toBe(true);
    expect(rings).toBe(0);
  });

  it('is done once for all that told nobody, when the tenth is over', () => {
    ringing.claim();
    jest.advanceTimersByTime(40);
    for (let append = 0; append < 5; append++) ringing.owe();
    jest.advanceTimersByTime(59);
    expect(rings).toBe(0);
    jest.advanceTimersByTime(1);
    expect(rings).toBe(1);
    jest.advanceTimersByTime(1_000);
    expect(rings).toBe(1);
  });

  it('is done at once when the store is closed, and only where something is owed', async () => {
    await ringing.flush();
    expect(rings).toBe(0);
    ringing.claim();
    ringing.owe();
    await ringing.flush();
    expect(rings).toBe(1);
  });
});
