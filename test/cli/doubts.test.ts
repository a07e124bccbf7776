import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../src/commands/handling/identifiers.js';
import { createRealLedger, type RealLedger } from '../http/support/real-ledger.js';
import { CommandProcess } from '../support/command-process.js';
import { counterfoil } from '../support/counterfoil.js';
import { anEvent } from '../support/events.js';
import { eventually } from '../support/eventually.js';

describe('counterfoil doubts', () => {
  let ledger: RealLedger;
  let directory: string;
  const account_id = accountIdOf('user-1');
  const doubt = { reason: 'prompt_tokens is negative', reported: 'prompt_tokens -5' };
  const calls = [1, 2].map((n) =>
    anEvent('consumption-recorded', { account_id, request_id: `req-${n}`, quota: 100n, doubt }),
  );
  const [first = '', second = ''] = calls.map(({ data }) => data.call_id);
  let environment: Record<string, string>;
  let commands: CommandProcess;
  const run = (...args: string[]) => commands.run(['doubts', ...args]);
  /** In a process of its own, which has to end by itself: each of the commands once. */
  const start = (...args: string[]) => counterfoil(['doubts', ...args], environment);
  const by = ['--by', 'ann', '--reason', 'upstream was asked'];
  const settle = (id: string, ...args: string[]) => run('settle', id, ...by, ...args);

  beforeAll(async () => {
    ledger = await createRealLedger();
    directory = await mkdtemp(join(tmpdir(), 'counterfoil-doubts-'));
    environment = {
      DATABASE_URL: ledger.url,
      DATA_DIR: directory,
      // The ledger's: what the command seals is opened by it.
      MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    };
    commands = new CommandProcess(environment);
    await ledger.given(
      anEvent('account-registered', { account_id }),
      anEvent('token-issued', { account_id }),
      ...calls,
    );
  });
  afterAll(async () => {
    await commands.close();
    await ledger.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('lists what was reported beside what was charged, the oldest first, page by page', async () => {
    const page = await start('list', '--limit', '1');
    expect(page.stdout).toMatch(/ user-1 .* 14 \+ 18, 100 quota .* prompt_tokens -5 .* is negative/);
    expect(page.stdout).toContain(first);
    expect(page.stdout).not.toContain(second);
    expect(page.stderr).toContain('open: 2');
    const [, after = ''] = /--after (\d+)/.exec(page.stderr) ?? [];
    expect((await run('list', '--after', after)).stdout).toContain(second);
    expect(JSON.parse((await start('show', 'req-2')).stdout)).toMatchObject({ callId: second });
  });

  it('settles one once: as charged, or by the difference', async () => {
    expect(await start('settle', first, ...by, '--accept')).toMatchObject({ code: 0 });
    expect((await settle(first, '--accept')).stderr).toContain('it had been settled before');
    // Clients choose the ids of requests, and may choose one twice.
    expect((await settle('req-2', '--quota', '60')).stderr).toContain(`the id of its call, ${second}`);
    expect((await settle(second, '--quota', '60')).stderr).toContain('settled, 40 quota to the account');
    expect((await settle(second, '--quota', '61')).stderr).toContain('adjustment_conflict');
    expect(await ledger.events('doubt-accepted')).toMatchObject([{ call_id: first, by: 'operator:ann' }]);
    expect(await ledger.events('balance-adjusted')).toMatchObject([
      { adjustment_id: `doubt:${second}`, quota: '40' },
    ]);
    expect(await eventually(async () => (await ledger.readModels.openDoubts()) === 0)).toBe(true);
  });

  it.each([
    [['settle', 'nothing', '--accept', '--by', 'ann', '--reason', 'x']],
    [['settle', 'req-1', '--by', 'ann', '--reason', 'x']],
    [['settle', 'req-1', '--accept', '--quota', '1', '--by', 'ann', '--reason', 'x']],
    [['settle', 'req-1', '--quota', '-1', '--by', 'ann', '--reason', 'x']],
    [['show', 'nothing']],
    [['list', '--limit', '0']],
  ])('%j is refused', async (args) => {
    expect((await run(...args)).code).toBe(2);
  });
});
