import { describe, expect, it } from '@jest/globals';
import {
  checked,
  type Command,
  type CommandMeta,
  type Handler,
} from '../../../src/commands/handling/command.js';
import { createLoginCommands } from '../../../src/commands/login/create-commands.js';
import { createOperatorCommands } from '../../../src/commands/operator/create-commands.js';
import { createServiceKeyCommands } from '../../../src/commands/servicekey/create-commands.js';
import { createCommandWorld } from '../../support/command-world.js';

const meta: CommandMeta = { actor: 'service-key:1', requestId: 'request-1' };
const refusal = { ok: false, refusal: { code: 'text_invalid' } };

/** Reads of anything fail: a refused command must not have come so far. */
const untouched = new Proxy({} as never, {
  get: (_, name) => {
    throw new Error(`${String(name)} was asked`);
  },
});
const world = createCommandWorld();
const { commands, dependencies } = world;
const every: readonly [string, Command<never, unknown>][] = [
  ...Object.entries(commands),
  ...Object.entries(
    createOperatorCommands({ ...dependencies, credentials: untouched, passwords: untouched }),
  ),
  ...Object.entries(createServiceKeyCommands(dependencies, untouched)),
  ...Object.entries(
    createLoginCommands({
      ...dependencies,
      credentials: untouched,
      passwords: untouched,
      signInData: untouched,
    }),
  ),
];

describe('text that no read model can store', () => {
  it.each(every)('is refused by %s, in its input and around it, and nothing is done', async (_, command) => {
    const [inName, inList, inMeta] = [
      await command({ name: 'a\0b' } as never, meta),
      await command({ settings: [{ deep: '\ud83d' }] } as never, meta),
      await command({} as never, { ...meta, idempotencyKey: 'a\0b' }),
    ];
    expect([inName, inList, inMeta]).toEqual([refusal, refusal, refusal]);
    expect(await world.log()).toEqual([]);
  });

  it('cannot get past a command that nobody wrapped: the compiler refuses it', async () => {
    const run: Handler<Command<string, string>> = async (value) => ({
      ok: true,
      value,
      position: 1n,
      replayed: false,
    });
    // @ts-expect-error a handler is no command
    const bare: Command<string, string> = run;
    expect(await bare('a\0b', meta)).toMatchObject({ ok: true });
    expect(await checked(run)('a\0b', meta)).toEqual(refusal);
  });
});
