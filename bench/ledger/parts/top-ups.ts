import { randomUUID } from 'node:crypto';
import type { Commands } from '../../../src/commands/commands.js';
import { typeOfStored } from '../../../src/domain/events/versions.js';
import { BEFORE_FIRST, type EventStore } from '../../../src/eventstore/event-store.js';
import { createCommandWorld } from '../../../test/support/command-world.js';
import { repeatedly, type Subject } from '../contest.js';

const USERS = 100;
const AMOUNT_USD = '1.5';
const QUOTA = 750_000n;
const META = { actor: 'service-key:bench', requestId: 'bench' };

/** Top-ups through the command, each of a payment of its own: two loads, a decision, an append. Ports beside the log are in memory. */
export async function topUpSubjects(store: EventStore, seconds: number): Promise<readonly Subject[]> {
  const { commands } = createCommandWorld({ overrides: { store } });
  const users = Array.from({ length: USERS }, () => `bench-${randomUUID()}`);
  for (const externalUserId of users) {
    const { ok } = await commands.syncAccount({ externalUserId, username: externalUserId }, META);
    if (!ok) throw new Error('a user was refused');
  }
  return [1, 16, 64].map((callers) => ({
    name: `top-ups through the command, ${callers} at once`,
    turn: async () => {
      const before = await store.head();
      let made = 0;
      const turn = await repeatedly(callers, seconds, () =>
        topUp(commands, users[(made += 1) % USERS] as string),
      );
      await assertCredited(store, before, turn.count);
      return turn;
    },
  }));
}

async function topUp(commands: Commands, externalUserId: string): Promise<void> {
  const input = { externalUserId, amountUsd: AMOUNT_USD, paymentId: `pi_${randomUUID()}` };
  const result = await commands.creditPayment(input, META);
  if (!result.ok || result.replayed) throw new Error('a top-up was not credited');
}

/** So many credits of the right amount have come into the log, and nothing else. */
async function assertCredited(store: EventStore, before: bigint, count: number): Promise<void> {
  let [credits, others] = [0, 0];
  let after = before < BEFORE_FIRST ? BEFORE_FIRST : before;
  for (let atEnd = false; !atEnd;) {
    const page = await store.readAll({ after, limit: 10_000 });
    for (const { type, data } of page.events)
      if (typeOfStored(type) === 'payment-credited' && data.quota === QUOTA.toString()) credits += 1;
      else others += 1;
    ({ position: after, atEnd } = page);
  }
  if (credits !== count || others > 0)
    throw new Error(`${count} top-ups were answered, ${credits} are in the log, with ${others} other events`);
}
