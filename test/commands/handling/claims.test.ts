import { describe, expect, it } from '@jest/globals';
import { LedgerUnavailable } from '../../../src/commands/handling/command.js';
import { createCommands } from '../../../src/commands/create-commands.js';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import type { EventStore } from '../../../src/eventstore/event-store.js';
import { createScriptedEventStore } from '../../support/scripted-event-store.js';
import { createCommandWorld, type CommandWorld } from '../../support/command-world.js';

const meta = { actor: 'service-key:1', requestId: 'request-1' };
const sync = (world: CommandWorld, externalUserId: string, username: string) =>
  world.commands.syncAccount({ externalUserId, username }, meta);
const issue = (world: CommandWorld, externalUserId: string) =>
  world.commands.issueToken(
    {
      externalUserId,
      tokenName: 'key',
      expiresInDays: null,
      quotaLimit: null,
      models: [],
      allowIps: [],
      group: null,
    },
    meta,
  );

/** A store that keeps each write apart and dies after the first few of them. */
function diesAfter(world: CommandWorld, writesStored: number) {
  const store: EventStore = {
    ...createScriptedEventStore(world.store, []),
    append: async (writes) => {
      if (writesStored > 0) await world.store.append(writes.slice(0, writesStored));
      return { outcome: 'unknown', cause: new Error('gone') };
    },
  };
  const timings = { deadlineMs: -1, unavailableAttempts: 1, baseDelayMs: 0, maxDelayMs: 0 };
  return createCommands({ ...world.dependencies, store, timings });
}

const pass = (world: CommandWorld, seconds: number) => {
  world.clock.now = new Date(world.clock.now.getTime() + seconds * 1000);
};

describe('a claim whose account event was lost', () => {
  const setting = async () => {
    const world = createCommandWorld();
    const dying = diesAfter(world, 1);
    await expect(dying.syncAccount({ externalUserId: 'u-1', username: 'alice' }, meta)).rejects.toThrow(
      LedgerUnavailable,
    );
    return world;
  };

  it('counts as held for the account it was for', async () => {
    const world = await setting();
    expect(await sync(world, 'u-1', 'alice')).toMatchObject({ ok: true, value: { isNew: true } });
  });

  it('keeps others off for the grace time and no longer', async () => {
    const world = await setting();
    pass(world, 59);
    expect(await sync(world, 'u-2', 'alice')).toMatchObject({ refusal: { code: 'username_taken' } });
    pass(world, 1);
    expect(await sync(world, 'u-2', 'alice')).toMatchObject({ ok: true });
    expect((await world.events('claim-released')).map(({ data }) => data)).toMatchObject([
      { kind: 'username', owner: accountIdOf('u-1') },
    ]);
    expect(await sync(world, 'u-1', 'alice')).toMatchObject({ refusal: { code: 'username_taken' } });
  });

  it('never ends with two owners when the first comes back as another takes it', async () => {
    const world = await setting();
    pass(world, 61);
    const results = await Promise.all([sync(world, 'u-1', 'alice'), sync(world, 'u-2', 'alice')]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });
});

describe('an old claim that was not released', () => {
  it('is free for others after the grace time, and the account that left it may come back', async () => {
    const world = createCommandWorld();
    await sync(world, 'u-1', 'alice');
    const dying = diesAfter(world, 2);
    await dying.syncAccount({ externalUserId: 'u-1', username: 'alicia' }, meta).catch(() => undefined);
    expect(await world.events('account-profile-updated')).toHaveLength(1);
    expect(await sync(world, 'u-2', 'alice')).toMatchObject({ ok: false });
    expect(await sync(world, 'u-1', 'alice')).toMatchObject({ ok: true });
    pass(world, 61);
    expect(await sync(world, 'u-2', 'alice')).toMatchObject({ ok: false });
    expect(await sync(world, 'u-2', 'alicia')).toMatchObject({ ok: true });
  });
});

describe('an erased account', () => {
  it('loses all of its access keys in the same act, on every node before it is answered', async () => {
    const world = createCommandWorld();
    await sync(world, 'u-1', 'alice');
    await sync(world, 'u-2', 'bob');
    for (let key = 0; key < 201; key++) await issue(world, 'u-1');
    await issue(world, 'u-2');
    await world.commands.eraseAccount({ externalUserId: 'u-1', reason: 'asked' }, meta);
    const revoked = await world.events('token-revoked');
    expect(revoked.map(({ data }) => 'token_id' in data && data.token_id)).toEqual(
      Array.from({ length: 201 }, (_, index) => index + 1),
    );
    expect([1, 201, 202].map((tokenId) => world.guards.get(`token:${tokenId}`))).toEqual([1n, 1n, undefined]);
  });

  it('has its keys revoked by a second try when the first died after the account was erased', async () => {
    const world = createCommandWorld();
    await sync(world, 'u-1', 'alice');
    await issue(world, 'u-1');
    await diesAfter(world, 1)
      .eraseAccount({ externalUserId: 'u-1', reason: 'asked' }, meta)
      .catch(() => undefined);
    expect(await world.events('account-erased', 'token-revoked')).toHaveLength(1);
    await world.commands.eraseAccount({ externalUserId: 'u-1', reason: 'asked' }, meta);
    expect(await world.events('account-erased', 'token-revoked')).toHaveLength(2);
  });

  it('frees its name, address and referral code at once', async () => {
    const world = createCommandWorld();
    const alice = { username: 'alice', email: 'a@example.com', affCode: 'A1' };
    await world.commands.syncAccount({ externalUserId: 'u-1', ...alice }, meta);
    const erased = await world.commands.eraseAccount({ externalUserId: 'u-1', reason: 'asked' }, meta);
    expect(erased.ok).toBe(true);
    expect(await world.commands.syncAccount({ externalUserId: 'u-2', ...alice }, meta)).toMatchObject({
      ok: true,
    });
    expect(await world.commands.syncAccount({ externalUserId: 'u-1', ...alice }, meta)).toEqual({
      ok: false,
      refusal: { code: 'account_erased' },
    });
  });

  it('is erased by a second try when the first died after the key was gone', async () => {
    const world = createCommandWorld();
    await world.commands.syncAccount(
      { externalUserId: 'u-1', username: 'alice', email: 'a@example.com' },
      meta,
    );
    await diesAfter(world, 0)
      .eraseAccount({ externalUserId: 'u-1', reason: 'asked' }, meta)
      .catch(() => undefined);
    expect(await sync(world, 'u-1', 'alice')).toEqual({ ok: false, refusal: { code: 'account_erased' } });
    const again = await world.commands.eraseAccount({ externalUserId: 'u-1', reason: 'asked' }, meta);
    expect(again).toMatchObject({ ok: true, replayed: false });
    const heir = { externalUserId: 'u-2', username: 'alice', email: 'a@example.com' };
    expect(await world.commands.syncAccount(heir, meta)).toMatchObject({
      refusal: { code: 'username_taken' },
    });
    pass(world, 61);
    expect(await world.commands.syncAccount(heir, meta)).toMatchObject({ ok: true });
  });
});
