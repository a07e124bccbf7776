import { describe, expect, it } from '@jest/globals';
import { Attempts, type AttemptedCall, type AttemptsParts } from '../../../src/relay/call/attempts.js';
import type { ClientResponse } from '../../../src/relay/call/client-response.js';
import type { Candidates } from '../../../src/relay/channels/candidates.js';
import type { Channel } from '../../../src/relay/upstreams/channel.js';
import { defaultRelaySettings } from '../../../src/relay/ports.js';

/** A channel whose turn comes while `meanwhile` happens. */
function turn(meanwhile: () => void) {
  const seen = { left: 0 };
  const next = () => {
    meanwhile();
    return Promise.resolve({ channel: {} as Channel, leave: () => void seen.left++ });
  };
  return { seen, candidates: { next, drop: () => undefined } as unknown as Candidates };
}

// Whatever would be sent would fail for want of everything.
const parts = { settings: defaultRelaySettings } as AttemptsParts;
const call = { startedMs: performance.now() } as AttemptedCall;

describe('while a channel is chosen', () => {
  it('a client may leave: then upstream is not asked, and the channel’s turn is given back', async () => {
    const client = { gone: false };
    const { seen, candidates } = turn(() => (client.gone = true));
    const attempts = new Attempts(parts, client as ClientResponse, call);
    expect(await attempts.run(candidates)).toMatchObject({ kind: 'failed', channelId: null });
    expect(seen.left).toBe(1);
  });

  it('the process may go down: the same', async () => {
    const attempts: Attempts = new Attempts(parts, { gone: false } as ClientResponse, call);
    const { seen, candidates } = turn(() => attempts.stop());
    expect(await attempts.run(candidates)).toMatchObject({ error: { code: 'shutting_down' } });
    expect(seen.left).toBe(1);
  });
});
