import { execFile } from 'node:child_process';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as it is installed (built), with nothing of our environment but what a shell has. */
export function counterfoil(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['dist/cli/main.js', ...args],
      { env: { PATH, HOME, ...environment }, timeout: 50_000 },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

/** Runs the command with stdout closed at the other end. Answers its stderr, and its exit code as the last line. */
export function unread(command: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const line = `{ "$NODE" dist/cli/main.js ${command}; echo "code $?" >&2; } | true`;
  const env = { PATH, HOME, NODE: process.execPath, ...environment };
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', line], { env, timeout: 50_000 }, (_error, _stdout, stderr) => resolve(stderr));
  });
}
