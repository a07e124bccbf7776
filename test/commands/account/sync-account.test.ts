import { describe, expect, it } from '@jest/globals';
import { typeOfStored } from '../../../src/domain/events/versions.js';
import { createCommandWorld } from '../../support/command-world.js';

const meta = { actor: 'service-key:1', requestId: 'request-1' };
const alice = { externalUserId: 'u-1', username: 'alice', email: 'Alice@example.com', affCode: 'A1' };

async function opened(world: ReturnType<typeof createCommandWorld>) {
  const [last] = (await world.events('account-registered', 'account-profile-updated')).slice(-1);
  if (!last || !('personal' in last.data) || !last.data.personal) throw new Error('nothing was sealed');
  return world.dependencies.vault.open(last.data.personal);
}

describe('syncAccount', () => {
  it('registers an account with its claims before it', async () => {
    const world = createCommandWorld();
    const result = await world.commands.syncAccount(alice, meta);
    expect(result).toMatchObject({
      ok: true,
      value: { userId: 1, isNew: true },
      replayed: false,
      position: 3n,
    });
    expect((await world.log()).map(({ type }) => typeOfStored(type))).toEqual([
      'claim-reserved',
      'claim-reserved',
      'claim-reserved',
      'account-registered',
    ]);
    expect(await opened(world)).toMatchObject({ email: 'Alice@example.com', phone: '' });
  });

  it('writes nothing personal into the log but the user name', async () => {
    const world = createCommandWorld();
    await world.commands.syncAccount({ ...alice, phone: '+4912345', display_name: 'Alice A.' }, meta);
    const text = JSON.stringify(await world.log(), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(text).not.toMatch(/example\.com|\+49|Alice A/i);
  });

  it('appends nothing for a sync that changes nothing', async () => {
    const world = createCommandWorld();
    await world.commands.syncAccount(alice, meta);
    const again = await world.commands.syncAccount(alice, meta);
    const less = await world.commands.syncAccount({ externalUserId: 'u-1', username: 'alice' }, meta);
    expect(again).toMatchObject({ ok: true, value: { userId: 1, isNew: false }, position: 3n });
    expect(less).toMatchObject({ ok: true });
    expect(await world.log()).toHaveLength(4);
  });

  it('answers the first time for ever under one idempotency key, and refuses the key for another body', async () => {
    const world = createCommandWorld();
    const once = { ...meta, idempotencyKey: 'k1' };
    const first = await world.commands.syncAccount(alice, once);
    await world.commands.syncAccount({ ...alice, username: 'alice2' }, meta);
    const logged = (await world.log()).length;
    const again = await world.commands.syncAccount(alice, once);
    expect(first).toMatchObject({ ok: true, value: { isNew: true }, replayed: false });
    expect(again).toMatchObject({ ok: true, value: { isNew: true, userId: 1 }, replayed: true });
    expect(await world.commands.syncAccount({ ...alice, phone: '1' }, once)).toEqual({
      ok: false,
      refusal: { code: 'idempotency_conflict' },
    });
    expect(await world.log()).toHaveLength(logged);
  });

  it('keeps what is absent and clears what is empty', async () => {
    const world = createCommandWorld();
    await world.commands.syncAccount({ ...alice, phone: '1', alipay_userid: 'ali' }, meta);
    await world.commands.syncAccount(
      { externalUserId: 'u-1', username: 'alice', phone: '', affCode: '' },
      meta,
    );
    expect(await opened(world)).toMatchObject({
      email: 'Alice@example.com',
      phone: '',
      alipay_userid: 'ali',
    });
    expect(await world.events('account-profile-updated')).toMatchObject([{ data: { aff_code: '' } }]);
  });

  it('gives a user without an address one that is nobody else’s', async () => {
    const world = createCommandWorld();
    await world.commands.syncAccount({ externalUserId: 'Bob', username: 'bob' }, meta);
    const other = await world.commands.syncAccount({ externalUserId: 'bob', username: 'bob2' }, meta);
    expect(other.ok).toBe(true);
    expect(await opened(world)).toMatchObject({ email: 'bob@external.local' });
  });

  it.each([
    [{ username: 'alice' }, 'username_taken'],
    [{ username: 'x', email: 'alice@EXAMPLE.com' }, 'email_taken'],
    [{ username: 'x', affCode: 'A1' }, 'aff_code_taken'],
  ])('refuses %j of another', async (input, code) => {
    const world = createCommandWorld();
    await world.commands.syncAccount(alice, meta);
    const result = await world.commands.syncAccount({ externalUserId: 'u-2', ...input }, meta);
    expect(result).toEqual({ ok: false, refusal: { code } });
    expect(await world.log()).toHaveLength(4);
  });

  it('keeps the address made of an id for the user of that id', async () => {
    const world = createCommandWorld();
    const theirs = { externalUserId: 'u-2', username: 'x', email: 'later@External.Local' };
    const refusal = { code: 'email_taken' };
    expect(await world.commands.syncAccount(theirs, meta)).toEqual({ ok: false, refusal });
    await world.commands.syncAccount({ externalUserId: 'u-2', username: 'x' }, meta);
    expect(await world.commands.syncAccount(theirs, meta)).toEqual({ ok: false, refusal });
    const own = { externalUserId: 'later', username: 'later', email: 'later@external.local' };
    expect(await world.commands.syncAccount(own, meta)).toMatchObject({ ok: true });
  });

  it('frees the old name once it is changed', async () => {
    const world = createCommandWorld();
    await world.commands.syncAccount(alice, meta);
    await world.commands.syncAccount({ externalUserId: 'u-1', username: 'alicia' }, meta);
    const other = await world.commands.syncAccount({ externalUserId: 'u-2', username: 'alice' }, meta);
    expect(other).toMatchObject({ ok: true, value: { userId: 2 } });
    expect(await world.commands.syncAccount(alice, meta)).toMatchObject({
      refusal: { code: 'username_taken' },
    });
  });

  it('makes one user of fifty first syncs at once', async () => {
    const world = createCommandWorld();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => world.commands.syncAccount(alice, meta)),
    );
    const values = results.map((result) => (result.ok ? result.value : undefined));
    expect(new Set(values.map((value) => value?.userId)).size).toBe(1);
    expect(values.filter((value) => value?.isNew)).toHaveLength(1);
    expect(await world.log()).toHaveLength(4);
  });

  it('lets a thousand users have no address, phone or referral code', async () => {
    const world = createCommandWorld();
    const results = await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        world.commands.syncAccount({ externalUserId: `u-${index}`, username: `user-${index}` }, meta),
      ),
    );
    expect(results.every((result) => result.ok)).toBe(true);
    expect(await world.events('account-registered')).toHaveLength(1000);
  });

  it('refuses text that no read model can store', async () => {
    const world = createCommandWorld();
    const result = await world.commands.syncAccount({ ...alice, display_name: 'a\0b' }, meta);
    const half = await world.commands.syncAccount({ ...alice, username: '\ud83d' }, meta);
    expect([result, half]).toEqual([
      { ok: false, refusal: { code: 'text_invalid' } },
      { ok: false, refusal: { code: 'text_invalid' } },
    ]);
    expect((await world.commands.syncAccount({ ...alice, username: '😀' }, meta)).ok).toBe(true);
  });
});
