import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LedgerUnavailable } from '../../src/commands/handling/command.js';
import { done, fakeReadModels, recordingCommands } from './support/fakes.js';
import { createRealLedger, type RealLedger } from './support/real-ledger.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';

// POST /sync/batch: a user a line, an answer a line.

interface Answer {
  readonly line: number;
  readonly success: boolean;
  readonly code?: string;
  readonly is_new_user?: boolean;
  readonly message?: string;
  readonly errors?: readonly { readonly message: string }[];
}

async function send(
  server: HttpServer,
  lines: readonly unknown[],
  query = '',
  language = 'zh',
): Promise<readonly Answer[]> {
  const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const reply = await server.call('POST', `/sync/batch${query}`, body, { 'accept-language': language });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  return reply.text
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Answer);
}

const user = (id: string, more = {}) => ({ external_user_id: id, username: `name-${id}`, ...more });

describe('POST /sync/batch', () => {
  let ledger: RealLedger;
  let server: HttpServer;
  beforeAll(async () => {
    ledger = await createRealLedger();
    server = await startHttpServer({ commands: ledger.commands, readModels: ledger.readModels });
  });
  afterAll(async () => {
    await server.close();
    await ledger.close();
  });

  it('answers each line in its place, and a line that is refused holds up nobody', async () => {
    const answers = await send(server, [
      user('a'),
      '{broken',
      '',
      user('b', { email: 'no-address' }),
      { ...user('c'), username: 'name-a' },
      user('a', { phone: '1' }),
      '[]',
      user('d'),
    ]);
    expect(
      answers.map(({ line, success, code, is_new_user }) => [line, success, code ?? is_new_user]),
    ).toEqual([
      [1, true, true],
      [2, false, 'invalid_json'],
      [4, false, 'invalid_request'],
      [5, false, 'username_taken'],
      [6, true, false],
      [7, false, 'invalid_request'],
      [8, true, true],
    ]);
  });

  it.each([
    ['zh', '用户名已存在，请使用其他用户名'],
    ['en', 'The username is taken, please use another one'],
  ])('says in %s what is wrong with a line', async (language, taken) => {
    const [, name, mail] = await send(
      server,
      [user('first'), { ...user('second'), username: 'name-first' }, user('third', { email: 'none' })],
      '',
      language,
    );
    expect(name?.message).toBe(taken);
    expect(mail?.message).toContain(mail?.errors?.[0]?.message ?? '-');
    expect(/^[\x20-\x7e]*$/.test(mail?.message ?? '')).toBe(language === 'en');
  });

  it('changes nothing when it is sent again, and goes on from a line', async () => {
    const lines = Array.from({ length: 100 }, (_, index) => user(`many-${index}`));
    const first = await send(server, lines);
    expect(first.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 1));
    const head = await ledger.head();
    expect((await send(server, lines)).every(({ success, is_new_user }) => success && !is_new_user)).toBe(
      true,
    );
    expect((await send(server, lines, '?from_line=98')).map(({ line }) => line)).toEqual([98, 99, 100]);
    expect(await ledger.head()).toBe(head);
  });

  it('refuses a line that is too long to parse, or no UTF-8, and takes a byte order mark for none', async () => {
    const answers = await send(server, [
      `\uFEFF${JSON.stringify(user('marked'))}`,
      `{"x":"${'y'.repeat(1024 * 1024)}"}`,
      JSON.stringify(user('garbled', { display_name: '\uFFFD\uFFFD' })),
      user('after'),
    ]);
    expect(answers.map(({ success, code }) => code ?? success)).toEqual([
      true,
      'request_too_large',
      'invalid_json',
      true,
    ]);
  });

  it.each(['0', '-1', 'x', '1.5'])('refuses to begin at line %s', async (line) => {
    expect((await server.call('POST', `/sync/batch?from_line=${line}`, '')).status).toBe(400);
  });
});

describe('a batch whose key is revoked meanwhile', () => {
  it('ends at the line that the key may no longer write', async () => {
    let isRevoked = false;
    const { commands, calls } = recordingCommands(({ input }) => {
      isRevoked ||= input.externalUserId === 'u-20';
      return done({ userId: 1, isNew: true });
    });
    const find = () => Promise.resolve(isRevoked ? undefined : { id: 'k1', scopes: ['users'] as const });
    const auth = { mode: 'key', keys: { find } } as const;
    const server = await startHttpServer({ auth, commands, readModels: fakeReadModels() });
    try {
      const lines = Array.from({ length: 100 }, (_, index) => JSON.stringify(user(`u-${index}`)));
      const headers = { Authorization: 'Bearer good' };
      const reply = await server.call('POST', '/sync/batch', lines.join('\n'), headers);
      const answers = reply.text.trimEnd().split('\n');
      expect(JSON.parse(answers.at(-1) ?? '')).toMatchObject({ success: false, code: 'unauthorized' });
      expect(answers).toHaveLength(calls.length + 1);
      expect(calls.length).toBeLessThan(40);
    } finally {
      await server.close();
    }
  });
});

describe('a batch during which the ledger goes away', () => {
  it('ends at the line that could not be written', async () => {
    const { commands, calls } = recordingCommands(({ input }) => {
      if (input.externalUserId === 'u-20') throw new LedgerUnavailable('away');
      return done({ userId: 1, isNew: true });
    });
    const server = await startHttpServer({ commands, readModels: fakeReadModels() });
    try {
      const answers = await send(
        server,
        Array.from({ length: 100 }, (_, index) => user(`u-${index}`)),
      );
      expect(answers.at(-1)).toMatchObject({ line: 21, success: false, code: 'ledger_unavailable' });
      expect(answers).toHaveLength(21);
      expect(calls.length).toBeLessThan(40);
    } finally {
      await server.close();
    }
  });
});
