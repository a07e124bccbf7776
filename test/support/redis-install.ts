import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const isInstalled = (program: string): Promise<boolean> =>
  run(program, ['--version']).then(
    () => true,
    () => false,
  );

/** The cached balance is tested on a real redis-server and nothing less: installed here where that is possible. */
export async function ensureRedisServer(): Promise<void> {
  if (await isInstalled('redis-server')) return;
  if (process.platform === 'darwin' && (await isInstalled('brew'))) {
    await install([['brew', 'install', 'redis']]);
  } else if (process.getuid?.() === 0 && (await isInstalled('apt-get'))) {
    await install([
      ['apt-get', 'update', '-q'],
      ['apt-get', 'install', '-y', '-q', '--no-install-recommends', 'redis-server'],
    ]);
  }
  if (await isInstalled('redis-server')) return;
  throw new Error(
    'The tests need redis-server on the PATH. Debian and Ubuntu: sudo apt-get install -y redis-server. macOS: brew install redis.',
  );
}

async function install(commands: readonly (readonly [string, ...string[]])[]): Promise<void> {
  console.error('redis-server is missing; installing it.');
  for (const [program, ...args] of commands) {
    // Debian starts a service on 6379 unless told not to; the tests only want the program.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    await run(program, args, { env, maxBuffer: 64 * 1024 * 1024 }).catch((error: Error) =>
      console.error(error.message),
    );
  }
}
