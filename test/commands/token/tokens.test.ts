import { describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { isAccessKey } from '../../../src/domain/token/access-key.js';
import { createCommandWorld } from '../../support/command-world.js';

const meta = { actor: 'service-key:1', requestId: 'request-1' };
const once = { ...meta, idempotencyKey: 'k1' };
const externalUserId = 'u-1';
const token = {
  externalUserId,
  tokenName: 'My API Token',
  expiresInDays: 365 as number | null,
  quotaLimit: null,
  models: [],
  allowIps: [],
  group: null as string | null,
};
const prices = { prices: [], groups: [{ name: 'vip', ratio: '0.5' }] };

async function worldWithAccount() {
  const world = createCommandWorld();
  await world.commands.syncAccount({ externalUserId, username: 'alice' }, meta);
  await world.commands.syncAccount({ externalUserId: 'u-2', username: 'bob' }, meta);
  await world.commands.publishPriceList(prices, meta);
  return world;
}

/** What a command that must succeed came to. */
async function valueOf<Value>(result: Promise<{ ok: true; value: Value } | { ok: false; refusal: unknown }>) {
  const settled = await result;
  if (!settled.ok) throw new Error(JSON.stringify(settled.refusal));
  return settled.value;
}

describe('issueToken', () => {
  it('shows the key once and stores only its hash and mask', async () => {
    const world = await worldWithAccount();
    const issued = await valueOf(world.commands.issueToken(token, meta));
    expect(issued).toMatchObject({
      tokenId: 1,
      accountId: accountIdOf(externalUserId),
      tokenName: 'My API Token',
      expiresAt: world.clock.now.getTime() / 1000 + 365 * 86_400,
    });
    const key = issued.accessKey ?? '';
    expect(isAccessKey(key)).toBe(true);
    const [event] = await world.events('token-issued');
    expect(event?.data).toMatchObject({
      key_hash: world.dependencies.keyring.hashAccessKey(key),
      key_mask: `sk-${key.slice(3, 7)}...${key.slice(-4)}`,
    });
    const log = (await world.log()).map(({ data, metadata }) => JSON.stringify([data, metadata])).join();
    expect(log).not.toContain(key);
  });

  it('gives another token each time without an idempotency key', async () => {
    const world = await worldWithAccount();
    const [one, two] = [
      await valueOf(world.commands.issueToken({ ...token, expiresInDays: null }, meta)),
      await valueOf(world.commands.issueToken(token, meta)),
    ];
    expect([one.tokenId, two.tokenId, one.expiresAt]).toEqual([1, 2, null]);
    expect(one.accessKey).not.toBe(two.accessKey);
  });

  it('gives the same key again under one idempotency key, and after a day only its mask', async () => {
    const world = await worldWithAccount();
    const results = await Promise.all(
      Array.from({ length: 20 }, () => world.commands.issueToken(token, once)),
    );
    const values = results.map((result) => (result.ok ? result.value : undefined));
    expect(new Set(values.map((value) => value?.accessKey)).size).toBe(1);
    expect(results.filter((result) => result.ok && !result.replayed)).toHaveLength(1);
    expect(await world.events('token-issued')).toHaveLength(1);
    world.clock.now = new Date(world.clock.now.getTime() + 25 * 3600 * 1000);
    const later = await valueOf(world.commands.issueToken(token, once));
    expect(later).toEqual({ ...values[0], accessKey: undefined });
  });

  it('refuses the idempotency key for another request, but not to another account or command', async () => {
    const world = await worldWithAccount();
    await world.commands.issueToken(token, once);
    expect(await world.commands.issueToken({ ...token, tokenName: 'other' }, once)).toEqual({
      ok: false,
      refusal: { code: 'idempotency_conflict' },
    });
    expect(await world.commands.issueToken({ ...token, externalUserId: 'u-2' }, once)).toMatchObject({
      ok: true,
    });
    expect(await world.commands.resetToken({ externalUserId, tokenId: 1 }, once)).toMatchObject({
      ok: true,
      replayed: false,
    });
  });

  it.each([
    [{ externalUserId: 'nobody' }, { code: 'account_not_found' }],
    [{ group: 'none' }, { code: 'group_not_found', group: 'none' }],
  ])('refuses %j', async (input, refusal) => {
    const world = await worldWithAccount();
    expect(await world.commands.issueToken({ ...token, ...input }, meta)).toEqual({ ok: false, refusal });
    expect(await world.commands.issueToken({ ...token, group: 'vip' }, meta)).toMatchObject({ ok: true });
  });

  it('refuses a suspended account, and an erased one', async () => {
    const world = await worldWithAccount();
    await world.commands.suspendAccount({ externalUserId, reason: '' }, meta);
    expect(await world.commands.issueToken(token, meta)).toMatchObject({
      refusal: { code: 'account_suspended' },
    });
    await world.commands.eraseAccount({ externalUserId, reason: '' }, meta);
    expect(await world.commands.issueToken(token, meta)).toMatchObject({
      refusal: { code: 'account_erased' },
    });
  });
});

describe('a token', () => {
  const reference = { externalUserId, tokenId: 1 };
  const worldWithToken = async () => {
    const world = await worldWithAccount();
    const issued = await valueOf(world.commands.issueToken(token, meta));
    return { world, key: issued.accessKey };
  };

  it('is another’s business to nobody else', async () => {
    const { world } = await worldWithToken();
    await world.commands.syncAccount({ externalUserId: 'u-2', username: 'two' }, meta);
    for (const [owner, tokenId, code] of [
      ['u-2', 1, 'token_not_found'],
      [externalUserId, 99, 'token_not_found'],
      ['nobody', 1, 'account_not_found'],
    ] as const) {
      const other = { externalUserId: owner, tokenId };
      for (const result of [
        await world.commands.changeToken({ ...other, enabled: false }, meta),
        await world.commands.resetToken(other, meta),
        await world.commands.revokeToken(other, meta),
      ])
        expect(result).toEqual({ ok: false, refusal: { code } });
    }
    expect(world.guards.size).toBe(0);
  });

  it('raises its guard with every change before it answers, and appends nothing where nothing changes', async () => {
    const { world } = await worldWithToken();
    await world.commands.changeToken({ ...reference, enabled: false }, meta);
    expect(world.guards.get('token:1')).toBe(1n);
    const before = (await world.log()).length;
    await world.commands.changeToken({ ...reference, enabled: false, tokenName: token.tokenName }, meta);
    expect(await world.log()).toHaveLength(before);
    expect(await world.commands.changeToken({ ...reference, group: 'none' }, meta)).toMatchObject({
      refusal: { code: 'group_not_found' },
    });
    await world.commands.revokeToken(reference, meta);
    expect(world.guards.get('token:1')).toBe(2n);
  });

  it('does not undo later changes when an old request comes again under its idempotency key', async () => {
    const { world } = await worldWithToken();
    await world.commands.changeToken({ ...reference, enabled: false }, once);
    await world.commands.changeToken({ ...reference, enabled: true }, meta);
    expect(await world.commands.changeToken({ ...reference, enabled: false }, once)).toMatchObject({
      ok: true,
      replayed: true,
    });
    expect((await world.events('token-disabled')).length).toBe(1);
  });

  it('gets a new key by a reset, the same one for the same idempotency key', async () => {
    const { world, key } = await worldWithToken();
    const reset = await valueOf(world.commands.resetToken(reference, once));
    expect(reset).toMatchObject({ tokenId: 1, tokenName: 'My API Token' });
    expect(reset.accessKey).not.toBe(key);
    expect(await valueOf(world.commands.resetToken(reference, once))).toEqual(reset);
    expect(await world.events('token-rotated')).toHaveLength(1);
    const next = await valueOf(world.commands.resetToken(reference, meta));
    expect(next.accessKey).not.toBe(reset.accessKey);
    expect(world.guards.get('token:1')).toBe(2n);
  });
});
