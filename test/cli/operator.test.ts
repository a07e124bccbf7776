import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
let directory: string;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  directory = await mkdtemp(join(tmpdir(), 'counterfoil-operator-'));
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

const { PATH = '', HOME = '' } = process.env;

/** With the text on stdin, as `echo … | counterfoil …` has it. */
function operator(args: readonly string[], input = ''): Promise<{ code: number; output: string }> {
  const env = { PATH, HOME, DATABASE_URL: database.url, DATA_DIR: directory };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['dist/cli/main.js', 'operator', ...args],
      { env, timeout: 50_000 },
      (error, stdout, stderr) =>
        resolve({
          code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
          output: stdout + stderr,
        }),
    );
    child.stdin?.end(input);
  });
}

describe('counterfoil operator', () => {
  it('creates the first admin with a password from stdin, before any service ran', async () => {
    const made = await operator(['create', 'root', '--role', 'admin'], 'correct horse battery\n');
    expect(made).toEqual({ code: 0, output: 'root is admin\n' });
    const { rows } = await database.pool.query('SELECT name, password_hash FROM operator_credentials');
    expect(rows).toEqual([
      { name: 'root', password_hash: expect.stringMatching(/^\$scrypt\$ln=15,r=8,p=3\$/) },
    ]);
    const stored = await database.pool.query<{ data: unknown }>(
      `SELECT data FROM events WHERE stream <> 'ledger'`,
    );
    expect(stored.rows).toEqual([{ data: { name: 'root', role: 'admin', by: 'cli' } }]);
  });

  it.each([
    [['create', 'root', '--role', 'admin'], 'another password\n', 'operator_exists'],
    [['create', 'ann', '--role', 'admin'], 'short\n', 'password_unfit'],
    [['create', 'ann', '--role', 'admin'], '', 'a password is expected on stdin'],
    [
      ['create', 'ann', '--role', 'king'],
      'correct horse battery\n',
      'there are admin, finance, auditor, operator',
    ],
    [['create', 'An n', '--role', 'admin'], 'correct horse battery\n', 'operator_invalid'],
    [['disable', 'ann', '--reason', 'left'], '', 'operator_not_found'],
  ])('refuses %j with exit code 2', async (args, input, said) => {
    const { code, output } = await operator(args, input);
    expect([code, output]).toEqual([2, expect.stringContaining(said)]);
  });

  it('does not wait for ever on a pipe that nobody writes to', async () => {
    const env = { PATH, HOME, DATABASE_URL: database.url, DATA_DIR: directory };
    const args = ['dist/cli/main.js', 'operator', 'create', 'bob', '--role', 'admin'];
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'ignore', 'pipe'] });
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect([code, said]).toEqual([2, expect.stringContaining('no password came from it within 10 s')]);
  });

  it('sets a password and ends the logins, disables and enables, and shows what roles may do', async () => {
    expect((await operator(['password', 'root'], 'staple correct horse\n')).code).toBe(0);
    expect((await operator(['disable', 'root', '--reason', 'left'])).output).toBe('root is disabled\n');
    expect((await operator(['enable', 'root'])).output).toBe('root may log in again\n');
    expect((await operator(['role', 'root', 'auditor'])).output).toBe(
      'root is auditor with the next request\n',
    );
    const { rows } = await database.pool.query('SELECT session::int FROM operator_credentials');
    expect(rows).toEqual([{ session: 3 }]);
    expect((await operator(['permissions'])).output).toMatch(/users:erase\s*│ yes\s*│\s*│\s*│/);
  });
});
