import { describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { claimStream } from '../../../src/domain/streams.js';
import { createCommandWorld } from '../../support/command-world.js';
import { appendRaw, eventData } from '../../support/events.js';

type World = ReturnType<typeof createCommandWorld>;

const meta = { actor: 'service-key:1', requestId: 'request-1' };
const taken = { ok: false, refusal: { code: 'username_taken' } };
const sync = (world: World, id: string, username: string) =>
  world.commands.syncAccount({ externalUserId: id, username }, meta);

/** As an account was left by versions that claimed a name in its one spelling. */
async function syncedBefore(world: World, id: string, username: string): Promise<void> {
  await sync(world, id, username);
  const stream = claimStream(
    'username',
    world.dependencies.keyring.hashClaim('username', username.toLowerCase()),
  );
  const data = { kind: 'username', owner: accountIdOf(id) } as const;
  await appendRaw(world.store, [{ stream, event: eventData({ type: 'claim-released', data }) }]);
}

describe('a user name', () => {
  it.each([
    ['lin', 'Lin'],
    ['Lin', 'lin'],
    ['Lin', 'LIN'],
    ['Élodie', 'éLODIE'],
    ['lin', 'li\u200bn'],
    ['lin\u00ad', 'Lin\ufe0f'],
    ['lin', '\u3164lin\u2800'],
  ])(
    'is one account, in any letter case, and whatever nobody sees is in it: %j and %j',
    async (one, other) => {
      const world = createCommandWorld();
      expect(await sync(world, 'u-1', one)).toMatchObject({ ok: true });
      expect(await sync(world, 'u-2', other)).toMatchObject(taken);
    },
  );

  it('is written as its owner wants, and both spellings are free once the account has another', async () => {
    const world = createCommandWorld();
    await sync(world, 'u-1', 'lin');
    expect(await sync(world, 'u-1', 'Lin')).toMatchObject({ ok: true });
    expect(await sync(world, 'u-2', 'lin')).toMatchObject(taken);
    expect(await sync(world, 'u-1', 'ann')).toMatchObject({ ok: true });
    expect(await sync(world, 'u-2', 'LIN')).toMatchObject({ ok: true });
    expect(await sync(world, 'u-3', 'Lin')).toMatchObject(taken);
  });

  it('appends nothing when it is synced again', async () => {
    const world = createCommandWorld();
    await sync(world, 'u-1', 'Lin');
    const logged = (await world.log()).length;
    await sync(world, 'u-1', 'Lin');
    expect(await world.log()).toHaveLength(logged);
  });
});

describe('a user name from before letter case was looked at', () => {
  it('is held in every case from the next sync on', async () => {
    const world = createCommandWorld();
    await syncedBefore(world, 'u-1', 'Lin');
    expect(await sync(world, 'u-1', 'Lin')).toMatchObject({ ok: true });
    expect(await sync(world, 'u-2', 'lin')).toMatchObject(taken);
  });

  it('stays with its account where another has it in another case: both are synced as before', async () => {
    const world = createCommandWorld();
    await syncedBefore(world, 'u-1', 'Lin');
    expect(await sync(world, 'u-2', 'lin')).toMatchObject({ ok: true });
    expect(await sync(world, 'u-1', 'Lin')).toMatchObject({ ok: true });
    expect(await sync(world, 'u-2', 'lin')).toMatchObject({ ok: true });
    expect(await sync(world, 'u-1', 'lin')).toMatchObject(taken);
    expect(await sync(world, 'u-3', 'LIN')).toMatchObject(taken);
  });
});
