import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LedgerUnavailable } from '../../../src/commands/handling/command.js';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import type { LoginCommands } from '../../../src/commands/login/commands.js';
import { createLoginCommands } from '../../../src/commands/login/create-commands.js';
import { accountOfEmail, accountOfLogin } from '../../../src/commands/login/lookup.js';
import type { UserCredentials } from '../../../src/commands/login/ports.js';
import { createPasswords } from '../../../src/support/passwords.js';
import { createCommandWorld } from '../../support/command-world.js';
import { createScriptedEventStore, type Fault, faults } from '../../support/scripted-event-store.js';

const meta = { actor: 'anybody', requestId: 'request-1' };
const externalUserId = 'self-5b1c6d6e-9d6b-4c66-9b59-0d3f4f4c7e10';
const accountId = accountIdOf(externalUserId);
const alice = {
  externalUserId,
  username: 'alice',
  email: 'Alice@example.com',
  verified: true,
  passwordHash: 'first',
};
const PASSWORD = 'staple correct horse';

function memoryCredentials(): UserCredentials & {
  readonly stored: Map<string, { passwordHash: string; generation: bigint }>;
} {
  const stored = new Map<string, { passwordHash: string; generation: bigint }>();
  return {
    stored,
    find: async (id) => stored.get(id),
    add: async (id, passwordHash) => {
      if (stored.has(id)) return false;
      return Boolean(stored.set(id, { passwordHash, generation: 1n }));
    },
    set: async (id, passwordHash) => {
      const generation = (stored.get(id)?.generation ?? 0n) + 1n;
      stored.set(id, { passwordHash, generation });
      return generation;
    },
    endAll: () => Promise.resolve(),
  };
}

function createWorld(script: readonly Fault[] = [], deadlineMs = 2_000) {
  const world = createCommandWorld();
  const credentials = memoryCredentials();
  const passwords = createPasswords({ ln: 1, r: 8, p: 1 });
  const logins = createLoginCommands({
    ...world.dependencies,
    store: createScriptedEventStore(world.store, script),
    credentials,
    passwords,
    signInData: { forget: async (id) => void credentials.stored.delete(id) },
    timings: { deadlineMs, unavailableAttempts: 2, baseDelayMs: 0, maxDelayMs: 0 },
  });
  return { ...world, credentials, passwords, logins };
}

async function insist<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof LedgerUnavailable) || tries === 20) throw error;
    }
  }
}

const told = async (world: ReturnType<typeof createWorld>) =>
  (await world.log()).map(({ type }) => type).filter((type) => !type.startsWith('claim-'));

describe('commands about logins', () => {
  const registered = ['account-registered.v2', 'login-opened.v1', 'email-verified.v1'];
  const stories: [string, readonly string[], (logins: LoginCommands) => Promise<unknown>][] = [
    ['registerPerson', [], (logins) => logins.registerPerson(alice, meta)],
    [
      'verifyEmail',
      ['email-verified.v1'],
      (logins) => logins.verifyEmail({ accountId, email: 'alicia@example.com' }, meta),
    ],
    ['closeLogin', ['login-closed.v1'], (logins) => logins.closeLogin({ accountId }, meta)],
  ];

  it.each(stories)(
    '%s is done once, however often it is sent and whatever breaks',
    async (name, more, run) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...faults), { maxLength: 8 }),
          fc.constantFrom(-1, 2_000),
          async (script, deadlineMs) => {
            const world = createWorld(script, deadlineMs);
            if (name !== 'registerPerson') await insist(() => world.logins.registerPerson(alice, meta));
            await insist(() => run(world.logins));
            await insist(() => run(world.logins));
            expect(await told(world)).toEqual([...registered, ...more]);
            const stored = world.credentials.stored.get(accountId);
            expect(stored?.passwordHash).toBe(name === 'closeLogin' ? undefined : 'first');
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it('setUserPassword ends with the password in force, whatever breaks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...faults), { maxLength: 8 }),
        fc.constantFrom(-1, 2_000),
        async (script, deadlineMs) => {
          const world = createWorld(script, deadlineMs);
          await insist(() => world.logins.registerPerson(alice, meta));
          world.credentials.stored.set(accountId, {
            passwordHash: await world.passwords.hash('correct horse battery'),
            generation: 1n,
          });
          await insist(() => world.logins.setUserPassword({ accountId, password: PASSWORD }, meta));
          const result = await insist(() =>
            world.logins.setUserPassword({ accountId, password: PASSWORD }, meta),
          );
          expect(result).toMatchObject({ ok: true, replayed: true });
          const { passwordHash, generation } = world.credentials.stored.get(accountId) ?? {};
          expect(await world.passwords.verify(PASSWORD, passwordHash)).toBe(true);
          expect(generation).toBe(2n);
          expect((await told(world)).slice(registered.length)).toContain('login-password-changed.v1');
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a registration that died before its password was stored is completed by the same link', async () => {
    const world = createWorld();
    const { logins, credentials } = world;
    await logins.registerPerson(alice, meta);
    credentials.stored.clear();
    const { length } = await world.log();
    expect(await logins.registerPerson(alice, meta)).toMatchObject({ ok: true, replayed: true });
    expect(credentials.stored.size).toBe(1);
    expect(await world.log()).toHaveLength(length);
  });

  it('a name or an address of somebody else is refused, and nothing is written', async () => {
    const world = createWorld();
    const { logins, commands } = world;
    await commands.syncAccount({ externalUserId: 'u-1', username: 'alice', email: 'bob@example.com' }, meta);
    const { length } = await world.log();
    expect(await logins.registerPerson(alice, meta)).toMatchObject({ refusal: { code: 'username_taken' } });
    expect(
      await logins.registerPerson({ ...alice, username: 'al', email: 'BOB@example.com' }, meta),
    ).toMatchObject({
      refusal: { code: 'email_taken' },
    });
    expect(await world.log()).toHaveLength(length);
  });

  it('a password is set only where somebody signs in, or the login is opened with it', async () => {
    const { logins, commands } = createWorld();
    await commands.syncAccount({ externalUserId: 'u-1', username: 'bob', email: 'bob@example.com' }, meta);
    const bob = { accountId: accountIdOf('u-1'), password: PASSWORD };
    expect(await logins.setUserPassword(bob, meta)).toMatchObject({ refusal: { code: 'login_not_found' } });
    expect(await logins.setUserPassword({ ...bob, opens: true }, meta)).toMatchObject({ ok: true });
    await logins.closeLogin(bob, meta);
    expect(await logins.setUserPassword({ ...bob, opens: true }, meta)).toMatchObject({
      refusal: { code: 'login_closed' },
    });
  });

  it.each([
    ['too short', 'Tr0ub4dor', 'password_unfit'],
    ['too long', 'x'.repeat(201), 'password_unfit'],
    ['among the commonest', 'QwertyUIOP', 'password_common'],
  ])('a password that is %s is refused', async (_, password, code) => {
    const { logins } = createWorld();
    await logins.registerPerson(alice, meta);
    expect(await logins.setUserPassword({ accountId, password }, meta)).toMatchObject({ refusal: { code } });
  });

  it('nothing of a password or an address is readable in the log', async () => {
    const world = createWorld();
    const { logins, passwords } = world;
    const passwordHash = await passwords.hash('correct horse battery');
    await logins.registerPerson({ ...alice, passwordHash }, meta);
    await logins.setUserPassword({ accountId, password: PASSWORD }, meta);
    const logged = (await world.log()).filter(({ type }) => !type.startsWith('account-'));
    expect(JSON.stringify(logged.map(({ stream, data }) => [stream, data]))).not.toMatch(
      /horse|scrypt|example/i,
    );
  });

  it('an erasure closes the login', async () => {
    const world = createWorld();
    const { logins, commands } = world;
    await logins.registerPerson(alice, meta);
    await commands.eraseAccount({ externalUserId, reason: 'asked' }, meta);
    expect(await world.events('login-closed')).toHaveLength(1);
  });
});

describe('who a login means', () => {
  it('is found by name or address, in any case of the address, as soon as there is an account', async () => {
    const { logins, dependencies } = createWorld();
    await logins.registerPerson(alice, meta);
    for (const login of ['alice', 'alice@example.com', 'ALICE@EXAMPLE.COM'])
      expect((await accountOfLogin(dependencies, login))?.accountId).toBe(accountId);
    expect(await accountOfLogin(dependencies, 'bob')).toBeUndefined();
  });

  it('is nobody once the address is another, the person was erased, or a claim is left over', async () => {
    const { logins, dependencies, commands } = createWorld();
    await logins.registerPerson(alice, meta);
    await commands.syncAccount({ externalUserId, username: 'alice', email: 'new@example.com' }, meta);
    expect(await accountOfEmail(dependencies, 'alice@example.com')).toBeUndefined();
    expect((await accountOfEmail(dependencies, 'new@example.com'))?.accountId).toBe(accountId);
    await commands.eraseAccount({ externalUserId, reason: 'asked' }, meta);
    expect(await accountOfLogin(dependencies, 'alice')).toBeUndefined();
  });
});
