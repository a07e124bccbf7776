import { beforeEach, describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { createCommands } from '../../../src/commands/create-commands.js';
import type { Commands } from '../../../src/commands/commands.js';
import type { KnownCode } from '../../../src/commands/handling/ports.js';
import { decodeEvent } from '../../../src/domain/events/codec.js';
import { createKeyring } from '../../../src/support/keyring.js';
import { type CommandWorld, createCommandWorld } from '../../support/command-world.js';
import { anEvent, append } from '../../support/events.js';

const meta = { actor: 'operator:ann', requestId: 'r' };
const batch = {
  ...{ reference: 'fair', name: 'spring fair', codes: 3, quota: 2_500_000n, grantDays: 90 },
  endsAt: new Date('2026-12-31T16:00:00Z'),
};
const CODES = 10_000;
const TRIED = 100;
const AT_ONCE = 50;

describe('redeeming codes', () => {
  let world: CommandWorld;
  beforeEach(async () => {
    world = createCommandWorld();
    for (const name of ['user-1', 'user-2'])
      await append(
        world.store,
        anEvent('account-registered', {
          ...{ account_id: accountIdOf(name), external_user_id: name, username: name },
        }),
      );
  });

  async function made(terms: Partial<typeof batch> = {}): Promise<readonly string[]> {
    const result = await world.commands.makeCodes({ ...batch, ...terms }, meta);
    if (!result.ok || !result.value.codes) throw new Error('no codes were made');
    return result.value.codes;
  }
  const redeem = (code: string, externalUserId = 'user-1') =>
    world.commands.redeemCode({ externalUserId, code }, meta);
  const refusalOf = async (code: string, user?: string) => {
    const result = await redeem(code, user);
    return result.ok ? undefined : result.refusal.code;
  };

  it('gives what the batch says, once, and to nobody else', async () => {
    const [code = ''] = await made();
    expect(await redeem(code.toLowerCase())).toMatchObject({ ok: true, replayed: false });
    expect(await redeem(code)).toMatchObject({ ok: true, replayed: true, value: { quota: 2_500_000n } });
    expect(await refusalOf(code, 'user-2')).toBe('code_used');
    expect(await world.events('grant-given')).toMatchObject([
      {
        data: {
          ...{ account_id: accountIdOf('user-1'), kind: 'code', quota: 2_500_000n, priority: 100 },
          ...{ ends_at: '2027-02-19T09:00:00.000Z', reason: 'spring fair', by: 'operator:ann' },
          source: expect.stringMatching(/^code:[0-9a-f]{64}$/),
        },
      },
    ]);
  });

  it('keeps no code, and finds it by a key that a rotation of the master key leaves', async () => {
    const codes = await made();
    const log = JSON.stringify(await world.log(), (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    for (const code of codes) expect(log).not.toContain(code);
    const rotated = createKeyring(Buffer.alloc(32, 8), Buffer.alloc(32, 7));
    const commands = createCommands({ ...world.dependencies, keyring: rotated });
    expect(await commands.redeemCode({ externalUserId: 'user-1', code: codes[0] ?? '' }, meta)).toMatchObject(
      {
        ok: true,
      },
    );
    const others = createCommands({ ...world.dependencies, keyring: createKeyring(Buffer.alloc(32, 8)) });
    expect(await others.redeemCode({ externalUserId: 'user-1', code: codes[1] ?? '' }, meta)).toMatchObject({
      refusal: { code: 'code_unknown' },
    });
  });

  it('tells the codes again to whoever made them for a day, and to nobody else', async () => {
    const codes = await made();
    expect(await made()).toEqual(codes);
    const bob = await world.commands.makeCodes(batch, { ...meta, actor: 'operator:bob' });
    expect(bob).toMatchObject({ ok: true, replayed: true, value: { codes: undefined } });
    world.clock.now = new Date('2026-11-22T09:00:01Z');
    expect(await world.commands.makeCodes(batch, meta)).toMatchObject({ value: { codes: undefined } });
    expect(await world.events('code-batch-made', 'code-batch-filled')).toHaveLength(2);
  });

  it('makes no other codes of a reference, whoever comes with it at once', async () => {
    const results = await Promise.all(
      ['ann', 'bob', 'ann', 'bob'].map((name) =>
        world.commands.makeCodes(batch, { ...meta, actor: `operator:${name}` }),
      ),
    );
    const told = results.flatMap((result) => (result.ok && result.value.codes ? [result.value.codes] : []));
    expect(told).toHaveLength(2);
    expect(told[0]).toEqual(told[1]);
    expect(await world.events('code-batch-filled')).toHaveLength(1);
  });

  it('takes none that was voided, none after the end, and none of a suspended account', async () => {
    const [one = '', two = '', three = ''] = await made();
    expect(await world.commands.voidCode({ code: one, reason: 'printed twice' }, meta)).toMatchObject({
      ok: true,
    });
    expect(await refusalOf(one)).toBe('code_void');
    expect(await redeem(two)).toMatchObject({ ok: true });
    expect(await world.commands.voidCode({ code: two, reason: 'too late' }, meta)).toMatchObject({
      refusal: { code: 'code_used' },
    });
    world.clock.now = batch.endsAt;
    expect(await refusalOf(three)).toBe('code_over');
    // What was used stays used, and is answered as before.
    expect(await redeem(two)).toMatchObject({ ok: true, replayed: true });
    await append(world.store, anEvent('account-suspended', { account_id: accountIdOf('user-2') }));
    expect(await refusalOf(three, 'user-2')).toBe('account_suspended');
  });

  it('sees what came of the batch after the tables', async () => {
    const codes = await made();
    const [first] = await world.log().then((log) => log.filter(({ type }) => type === 'code-batch-made.v1'));
    const terms = decodeEvent(first?.type ?? '', first?.data);
    if (terms.type !== 'code-batch-made') throw new Error('there is no batch');
    const { batch_id: batchId } = terms.data;
    const inTables = { terms: terms.data, isVoided: false, revision: 1n };
    const known: KnownCode = { batchId, inTables };
    const commands = createCommands({ ...world.dependencies, codeOf: () => Promise.resolve(known) });
    const redeemOn = (code = '') => commands.redeemCode({ externalUserId: 'user-1', code }, meta);
    await world.commands.voidCode({ code: codes[0] ?? '', reason: 'printed twice' }, meta);
    expect(await redeemOn(codes[0])).toMatchObject({ refusal: { code: 'code_void' } });
    expect(await redeemOn(codes[1])).toMatchObject({ ok: true });
    await world.commands.voidCodeBatch({ batchId, reason: 'the list got lost' }, meta);
    expect(await redeemOn(codes[2])).toMatchObject({ refusal: { code: 'code_void' } });
  });

  it('tells nothing of any code after ten guesses in an hour, by account', async () => {
    const [code = '', another = ''] = await made();
    const guess = (index: number) => `${index}`.padStart(26, '0');
    // What can be no code is none of them.
    expect(await refusalOf('not a code')).toBe('code_malformed');
    const refusals = await Promise.all(Array.from({ length: 30 }, (_, index) => refusalOf(guess(index))));
    expect(refusals.filter((each) => each === 'code_unknown')).toHaveLength(10);
    expect(refusals.filter((each) => each === 'code_guesses_most')).toHaveLength(20);
    expect(await refusalOf(code)).toBe('code_guesses_most');
    expect(await redeem(code, 'user-2')).toMatchObject({ ok: true });
    world.clock.now = new Date('2026-11-21T10:00:01Z');
    expect(await redeem(another)).toMatchObject({ ok: true });
  });

  it('makes and gives nothing where that is not turned on', async () => {
    const off = createCommands({ ...world.dependencies, makesCodes: false });
    expect(await off.makeCodes(batch, meta)).toMatchObject({ refusal: { code: 'codes_off' } });
    const [code = ''] = await made();
    const noGrants = createCommands({ ...world.dependencies, givesGrants: false });
    expect(await noGrants.redeemCode({ externalUserId: 'user-1', code }, meta)).toMatchObject({
      refusal: { code: 'grants_off' },
    });
  });

  it(`of ${CODES} codes, ${AT_ONCE} at once for each of ${TRIED}: ${TRIED} grants`, async () => {
    const codes = await made({ reference: 'many', codes: CODES });
    expect(new Set(codes).size).toBe(CODES);
    const byHash = new Map<string, KnownCode>();
    for (const event of await world.events('code-batch-filled'))
      if (event.type === 'code-batch-filled')
        for (const hash of event.data.hashes)
          byHash.set(hash, { batchId: event.data.batch_id, inTables: inTablesOf() });
    // The log of this world is folded for every balance.
    const commands: Commands = createCommands({
      ...world.dependencies,
      codeOf: async (hash) => byHash.get(hash),
      balanceOf: () => Promise.resolve(0n),
    });
    let given = 0;
    for (const code of codes.slice(0, TRIED)) {
      const results = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) =>
          commands.redeemCode({ externalUserId: `user-${(index % 2) + 1}`, code }, meta),
        ),
      );
      given += results.filter((result) => result.ok && !result.replayed).length;
    }
    expect(given).toBe(TRIED);
    expect(await world.events('grant-given')).toHaveLength(TRIED);
  });
});

const inTablesOf = () => ({
  terms: { name: 'spring fair', quota: 2_500_000n, ends_at: batch.endsAt.toISOString(), grant_days: null },
  isVoided: false,
  revision: 10n,
});
