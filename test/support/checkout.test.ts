import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

// What whoever has just cloned this relies on before any service runs.

const run = promisify(execFile);
const REPOSITORY = resolve(import.meta.dirname, '../..');

it('git leaves alone where people write their keys', async () => {
  const { stdout } = await run('git', ['check-ignore', '--no-index', '.env', 'bootstrap.local.yaml'], {
    cwd: REPOSITORY,
  });
  expect(stdout.trim().split('\n')).toEqual(['.env', 'bootstrap.local.yaml']);
  const { stdout: kept } = await run('git', ['ls-files', '.env', 'bootstrap.local.yaml'], {
    cwd: REPOSITORY,
  });
  expect(kept).toBe('');
});

it('what is built is built once, and again when a source is another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-build-'));
  try {
    for (const path of ['build', 'package.json', 'package-lock.json'])
      await cp(join(REPOSITORY, path), join(folder, path), { recursive: true });
    await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
    await cp(join(REPOSITORY, 'src'), join(folder, 'src'), { recursive: true });
    const built = async () => {
      await run(process.execPath, ['build/service.mjs'], { cwd: folder });
      const { stdout } = await run(process.execPath, ['dist/cli/main.js', '--version'], { cwd: folder });
      const { mtimeMs } = await stat(join(folder, 'dist/main.js'));
      return { mtimeMs, version: stdout.trim(), parts: (await readdir(join(folder, 'dist/parts'))).sort() };
    };
    const first = await built();
    expect(await built()).toEqual(first);
    await writeFile(join(folder, 'src/support/version.ts'), "export const VERSION = '9.9.9';\n");
    await writeFile(join(folder, 'dist/parts/of-before.js'), '');
    const second = await built();
    expect(second.version).toBe('9.9.9');
    expect(second.parts).toHaveLength(first.parts.length);
    expect(second.parts).not.toContain('of-before.js');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('the benchmark says what it lacks before it starts anything', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-path-'));
  try {
    const { stdout: getconf } = await run('sh', ['-c', 'command -v getconf']);
    await symlink(getconf.trim(), join(folder, 'getconf'));
    const program = run(
      process.execPath,
      ['--import', './test/support/typescript.mjs', 'bench/relay/ladder.ts'],
      { cwd: REPOSITORY, env: { PATH: folder } },
    );
    const what =
      /This benchmark needs .*nginx.* on the PATH\. Debian and Ubuntu: sudo apt-get install -y .*nginx-light/;
    await expect(program).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(what) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
