import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkBoundaries } from './boundaries.js';
import { sayCircle } from './circles.js';

let base: string | undefined;

/** A house of nothing but imports: file -> the files it imports. */
async function house(imports: Readonly<Record<string, readonly string[]>>): Promise<string> {
  base = await mkdtemp(join(tmpdir(), 'counterfoil-house-'));
  const files = new Set([...Object.keys(imports), ...Object.values(imports).flat()]);
  for (const file of files) {
    const lines = (imports[file] ?? []).map((to) => {
      const path = relative(dirname(file), to).replace(/\.ts$/, '.js');
      return `import '${path.startsWith('.') ? path : `./${path}`}';\n`;
    });
    await mkdir(join(base, dirname(file)), { recursive: true });
    await writeFile(join(base, file), lines.join('') || 'export {};\n');
  }
  return base;
}

afterEach(async () => {
  if (base) await rm(base, { recursive: true });
  base = undefined;
});

it('a member is hidden in one way, by `private`', async () => {
  const files = (await readdir('src', { recursive: true })).filter((file) => file.endsWith('.ts'));
  const hidden = async (file: string) => /\bthis\.#\w/u.test(await readFile(join('src', file), 'utf8'));
  const found = await Promise.all(files.map(async (file) => ((await hidden(file)) ? [file] : [])));
  expect(files.length).toBeGreaterThan(500);
  expect(found.flat()).toEqual([]);
});

describe('circles of folders', () => {
  it('are found where no file is in a circle, also through a folder below a room', async () => {
    const { broken, circles } = await checkBoundaries(
      await house({
        'src/relay/call/attempts.ts': ['src/relay/upstreams/transport/send.ts'],
        'src/relay/upstreams/type.ts': ['src/relay/dialects/sse/units.ts'],
        'src/relay/dialects/openai/chat.ts': ['src/relay/call/quote.ts'],
      }),
    );
    expect(broken).toEqual([]);
    expect(circles.map(({ rooms }) => rooms)).toEqual([
      ['src/relay/call', 'src/relay/dialects', 'src/relay/upstreams'],
    ]);
    expect(circles.map(sayCircle)).toEqual([
      expect.stringContaining('src/relay/dialects/openai/chat.ts → src/relay/call/quote.ts'),
    ]);
  });

  it('are none where arrows run one way, into a room and out of it by loose files', async () => {
    const { broken, circles } = await checkBoundaries(
      await house({
        'src/relay/relay.ts': ['src/relay/call/attempts.ts'],
        'src/relay/call/attempts.ts': ['src/relay/upstreams/transport/send.ts', 'src/relay/errors.ts'],
        'src/relay/upstreams/transport/send.ts': ['src/relay/upstreams/type.ts', 'src/relay/errors.ts'],
      }),
    );
    expect(broken).toEqual([]);
    expect(circles).toEqual([]);
  });
});

describe('an arrow that must not be is found', () => {
  it.each([
    ['src/domain/payment/decide.ts', 'src/support/log.ts', 'domain-imports-nothing'],
    ['src/projections/payment/projector.ts', 'src/commands/payment/credit-payment.ts', 'projections-imports'],
    ['src/projections/usage/projector.ts', 'src/reactions/outbox.ts', 'projections-imports'],
    ['src/books/verify/check.ts', 'src/commands/commands.ts', 'books-imports'],
    ['src/relay/relay.ts', 'src/http/app.ts', 'relay-imports'],
    ['src/http/app.ts', 'src/stores/service-keys.ts', 'http-imports'],
    ['src/reactions/outbox.ts', 'src/providers/stripe/client.ts', 'reactions-imports'],
    ['src/commands/commands.ts', 'src/stores/service-keys.ts', 'commands-imports'],
    ['src/relay/relay.ts', 'src/balance/redis/redis-cached-balance.ts', 'ports-are-used-not-adapters'],
    ['src/balance/redis/one.ts', 'src/balance/in-process/two.ts', 'adapters-do-not-know-each-other'],
    ['src/relay/limits/counters.ts', 'src/redis/scripted-client.ts', 'redis-is-behind-a-port'],
    ['src/http/app.ts', 'src/projections/usage/query.ts', 'reads-are-handed-in'],
    [
      'src/books/verify/fold/fold.ts',
      'src/domain/payment/state.ts',
      'verification-folds-with-code-of-its-own',
    ],
    [
      'src/books/verify/fold/fold.ts',
      'src/projections/usage/rows.ts',
      'verification-folds-with-code-of-its-own',
    ],
    ['src/providers/stripe/client.ts', 'src/providers/mail/client.ts', 'providers-do-not-know-each-other'],
    ['src/relay/relay.ts', 'src/config.ts', 'configuration-is-handed-in'],
    ['src/attic/box.ts', 'src/domain/streams.ts', 'a-row-for-every-folder'],
    ['src/main.ts', 'src/attic/box.ts', 'nothing-imports-a-folder-without-a-row'],
  ])('%s → %s', async (from, to, rule) => {
    const { broken } = await checkBoundaries(await house({ [from]: [to] }));
    expect(broken).toContainEqual(expect.stringContaining(rule));
  });

  it.each([
    ['src/http/app.ts', 'pg'],
    ['src/relay/limits/counters.ts', 'ioredis'],
    ['src/eventstore/memory/store.ts', '@eventstore/db-client'],
    ['src/domain/payment/events.ts', 'luxon'],
    ['src/commands/payment/credit-payment.ts', 'koa'],
  ])('%s → %s', async (from, library) => {
    const place = `node_modules/${library}/index.js`;
    const path = await house({ [from]: [place] });
    await writeFile(join(path, from), `import '${library}';\n`);
    expect((await checkBoundaries(path)).broken).not.toEqual([]);
  });
});
