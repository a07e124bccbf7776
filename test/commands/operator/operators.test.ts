import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LedgerUnavailable } from '../../../src/commands/handling/command.js';
import type { OperatorCommands, OperatorCredentials } from '../../../src/commands/operator/commands.js';
import { createOperatorCommands } from '../../../src/commands/operator/create-commands.js';
import { createPasswords } from '../../../src/support/passwords.js';
import { createCommandWorld } from '../../support/command-world.js';
import { createScriptedEventStore, type Fault, faults } from '../../support/scripted-event-store.js';

const meta = { actor: 'cli', requestId: 'request-1' };
const password = 'correct horse battery';
const ann = { name: 'ann', role: 'admin', password } as const;

function memoryCredentials(): OperatorCredentials & {
  readonly stored: Map<string, { passwordHash: string; session: bigint }>;
} {
  const stored = new Map<string, { passwordHash: string; session: bigint }>();
  const next = (name: string) => (stored.get(name)?.session ?? 0n) + 1n;
  return {
    stored,
    find: async (name) => stored.get(name),
    add: async (name, passwordHash) => {
      if (stored.has(name)) return false;
      return Boolean(stored.set(name, { passwordHash, session: 1n }));
    },
    set: async (name, passwordHash) => void stored.set(name, { passwordHash, session: next(name) }),
    endSessions: async (name) => {
      const found = stored.get(name);
      if (found) stored.set(name, { ...found, session: next(name) });
    },
  };
}

function createWorld(script: readonly Fault[] = [], deadlineMs = 2_000) {
  const world = createCommandWorld();
  const credentials = memoryCredentials();
  const passwords = createPasswords({ ln: 1, r: 8, p: 1 });
  const operators = createOperatorCommands({
    ...world.dependencies,
    store: createScriptedEventStore(world.store, script),
    credentials,
    passwords,
    timings: { deadlineMs, unavailableAttempts: 2, baseDelayMs: 0, maxDelayMs: 0 },
  });
  return { ...world, credentials, passwords, operators };
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

describe('commands about operators', () => {
  const stories: [string, (operators: OperatorCommands) => Promise<unknown>][] = [
    ['create', (operators) => operators.create(ann, meta)],
    ['changeRole', (operators) => operators.changeRole({ name: 'ann', role: 'auditor' }, meta)],
    ['disable', (operators) => operators.disable({ name: 'ann', reason: 'left' }, meta)],
    [
      'setPassword',
      (operators) => operators.setPassword({ name: 'ann', password: 'another password' }, meta),
    ],
  ];

  it.each(stories)('%s is done once, however often it is sent and whatever breaks', async (name, run) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...faults), { maxLength: 8 }),
        fc.constantFrom(-1, 2_000),
        async (script, deadlineMs) => {
          const world = createWorld(script, deadlineMs);
          if (name !== 'create') await insist(() => world.operators.create(ann, meta));
          await insist(() => run(world.operators));
          await insist(() => run(world.operators));
          const { length } = await world.log();
          // A change of password that was cut off before the password was stored is told again.
          if (name === 'setPassword') expect(length).toBeGreaterThanOrEqual(2);
          else expect(length).toBe(name === 'create' ? 1 : 2);
          const { passwordHash } = world.credentials.stored.get('ann') ?? {};
          const expected = name === 'setPassword' ? 'another password' : password;
          expect(await world.passwords.verify(expected, passwordHash)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a create that died before its password was stored is completed by the same command', async () => {
    const world = createWorld();
    const { operators, credentials } = world;
    await operators.create(ann, meta);
    credentials.stored.clear();
    expect(await operators.create(ann, meta)).toMatchObject({ ok: true, replayed: true });
    expect(credentials.stored.size).toBe(1);
    expect(await world.log()).toHaveLength(1);
  });

  it('of two that create one operator at once with other passwords, one is refused', async () => {
    const world = createWorld();
    const { operators } = world;
    const results = await Promise.all([
      operators.create(ann, meta),
      operators.create({ ...ann, password: 'another password' }, meta),
    ]);
    expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(await world.log()).toHaveLength(1);
  });

  it('nothing of a password is in the log', async () => {
    const world = createWorld();
    const { operators } = world;
    await operators.create(ann, meta);
    await operators.setPassword({ name: 'ann', password: 'another password' }, meta);
    expect(JSON.stringify((await world.log()).map(({ data }) => data))).not.toMatch(/horse|another|scrypt/);
  });
});

describe('hashed passwords', () => {
  it('are PHC strings, verified with the parameters they were made with', async () => {
    const weak = createPasswords({ ln: 2, r: 4, p: 2 });
    const hash = await weak.hash(password);
    expect(hash).toMatch(/^\$scrypt\$ln=2,r=4,p=2\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    const strong = createPasswords({ ln: 5, r: 8, p: 1 });
    expect(await strong.verify(password, hash)).toBe(true);
    expect(await strong.verify(`${password} `, hash)).toBe(false);
    expect(await strong.verify(password, undefined)).toBe(false);
    expect(await weak.hash(password)).not.toBe(hash);
    await expect(strong.verify(password, '$argon2id$…')).rejects.toThrow('not one of ours');
  });

  it('wait in a bounded queue', async () => {
    const passwords = createPasswords({ ln: 4, r: 8, p: 1 });
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => passwords.hash(password)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
    await passwords.hash(password);
  });
});
