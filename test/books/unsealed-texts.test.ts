import { describe, expect, it } from '@jest/globals';
import { unsealedTextsOf } from '../../src/books/unsealed-texts.js';
import { accountIdOf } from '../../src/commands/handling/identifiers.js';
import { createMemoryEventStore } from '../../src/eventstore/memory/memory-event-store.js';
import { createCommandWorld } from '../support/command-world.js';
import { ACCOUNT_ID, anEvent, append } from '../support/events.js';

describe('what was written before texts were sealed', () => {
  it('is named by its place in the log and the members that hold it', async () => {
    const store = createMemoryEventStore();
    await append(
      store,
      anEvent('account-registered'),
      anEvent('payment-credited', { note: 'for Ann' }),
      anEvent('token-issued'),
      anEvent('token-renamed'),
      anEvent('token-disabled'),
      anEvent('consumption-recorded'),
      anEvent('balance-adjusted'),
      anEvent('account-erased'),
    );
    const found = await unsealedTextsOf(store, ACCOUNT_ID);
    expect(found.map(({ type, fields }) => [type.split('.')[0], fields])).toEqual([
      ['account-registered', ['username']],
      ['payment-credited', ['note']],
      ['token-issued', ['token_name']],
      ['token-renamed', ['token_name']],
      ['balance-adjusted', ['reason']],
    ]);
    expect(found[0]).toMatchObject({ position: 0n, revision: 0n });
    expect(await unsealedTextsOf(store, '33333333-3333-5333-8333-333333333333')).toEqual([]);
  });

  it('is nothing in a log of this version', async () => {
    const world = createCommandWorld();
    const meta = { actor: 'service-key:1', requestId: 'r' };
    await world.commands.syncAccount({ externalUserId: 'u', username: 'ann', affCode: 'A1' }, meta);
    await world.commands.creditPayment(
      { externalUserId: 'u', paymentId: 'p', amountUsd: '10', note: 'hers' },
      meta,
    );
    await world.commands.adjustBalance(
      { externalUserId: 'u', adjustmentId: 'a', quota: -5n, reason: 'hers' },
      meta,
    );
    await world.commands.suspendAccount({ externalUserId: 'u', reason: 'hers' }, meta);
    expect(await unsealedTextsOf(world.store, accountIdOf('u'))).toEqual([]);
  });
});
