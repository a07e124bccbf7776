import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { channel, chat, HELLO, startWorld, type World } from '../support/relay-world.js';
import { delta, DONE, startTestUpstream, stream, type TestUpstream } from '../support/test-upstream.js';

describe('a stream whose charge neither log nor spool takes', () => {
  let upstream: TestUpstream;
  let world: World;
  beforeEach(async () => {
    upstream = await startTestUpstream(stream([delta('Hello'), delta(' there'), delta('', 'stop'), DONE]));
    world = await startWorld({ channels: [channel('one', upstream.url)] });
    world.settlement.mode = 'broken';
  });
  afterEach(async () => {
    await world.close();
    await upstream.close();
  });

  it('keeps its hold for the sweeper, and is not recorded as failed: that would make what was delivered free', async () => {
    const text = await (await chat(world, { ...HELLO, stream: true })).text();
    expect(text).toContain('Hello');
    expect(text).toContain('ledger_unavailable');
    expect(text).not.toContain('[DONE]');
    expect(world.openHolds.size).toBe(0);
    expect(await world.held()).toBeGreaterThan(0n);
    expect(world.settlement.failures).toEqual([]);
  });
});
