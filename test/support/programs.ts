import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const isInstalled = (program: string, asked = '--version'): Promise<boolean> =>
  run(program, [asked]).then(
    () => true,
    () => false,
  );

/**
 * A program that a test uses for real and nothing less: installed here where that is possible (brew, or apt as root), else the
 * test fails and says how.
 *
 * @param names of the packages; several in Debian, with spaces between
 * @param asked what it is called with to see whether it is there
 */
export async function ensureProgram(
  program: string,
  names: { readonly debian: string; readonly brew: string },
  asked?: string,
): Promise<void> {
  if (await isInstalled(program, asked)) return;
  if (process.platform === 'darwin' && (await isInstalled('brew'))) {
    await install(program, [['brew', 'install', names.brew]]);
  } else if (process.getuid?.() === 0 && (await isInstalled('apt-get'))) {
    await install(program, [
      ['apt-get', 'update', '-q'],
      ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...names.debian.split(' ')],
    ]);
  }
  if (await isInstalled(program, asked)) return;
  throw new Error(
    `The tests need ${program} on the PATH. Debian and Ubuntu: sudo apt-get install -y ${names.debian}. macOS: brew install ${names.brew}.`,
  );
}

async function install(
  program: string,
  commands: readonly (readonly [string, ...string[]])[],
): Promise<void> {
  console.error(`${program} is missing; installing it.`);
  for (const [installer, ...args] of commands) {
    // Debian starts services unless told not to; the tests only want the programs.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    await run(installer, args, { env, maxBuffer: 64 * 1024 * 1024 }).catch((error: Error) =>
      console.error(error.message),
    );
  }
}
