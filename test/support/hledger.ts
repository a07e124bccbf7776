import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensureProgram } from './programs.js';

const run = promisify(execFile);

/** The export is read by the program it is for. */
export const ensureHledger = (): Promise<void> =>
  ensureProgram('hledger', { debian: 'hledger', brew: 'hledger' });

/** Runs `hledger -f <file> …`. Rejects with what it prints when it ends with anything but 0. */
export async function hledger(file: string, ...args: readonly string[]): Promise<string> {
  // Names of users have any letters; without a UTF-8 locale hledger refuses to read them.
  const env = { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  const { stdout } = await run('hledger', ['-f', file, ...args], { env, maxBuffer: 256 * 1024 * 1024 });
  return stdout;
}

/** Balances by account in one commodity, decimal text; accounts at zero included. `valued`: in which commodity, when not as posted. */
export async function hledgerBalances(
  file: string,
  valued?: string,
): Promise<Readonly<Record<string, string>>> {
  const value = valued === undefined ? [] : ['-X', valued];
  const text = await hledger(file, 'balance', '--flat', '--no-total', '-E', '-O', 'csv', ...value);
  const rows = text.trim().split('\n').slice(1);
  return Object.fromEntries(
    rows.map((row) => {
      const [, account = '', amount = ''] = /^"(.*)","(.*)"\r?$/.exec(row) ?? [];
      return [account, amount.split(' ')[0] ?? ''];
    }),
  );
}
