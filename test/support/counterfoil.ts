import { execFile } from 'node:child_process';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longest time for a command, below that of a test, so that it is the command that is told to have been slow. */
const TIMEOUT_MS = 170_000;

/**
 * Runs the command as it is installed (built), with nothing of our environment but what a shell has. A command that did not end by
 * itself is a fault of the test, not an answer: its empty stdout would read as a command that printed nothing.
 */
export function counterfoil(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['dist/cli/main.js', ...args],
      { env: { PATH, HOME, TMPDIR, ...environment }, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        if (typeof code === 'number') return resolve({ code, stdout, stderr });
        const how = error?.signal ?? code ?? error?.message;
        reject(new Error(`counterfoil ${args.join(' ')} did not end by itself (${how}): ${stdout}${stderr}`));
      },
    );
  });
}

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Runs the command with stdout closed at the other end. Answers its stderr, and its exit code as the last line. */
export function unread(command: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  const line = `{ "$NODE" dist/cli/main.js ${command}; echo "code $?" >&2; } | true`;
  const env = { PATH, HOME, TMPDIR, NODE: process.execPath, ...environment };
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', line], { env, timeout: TIMEOUT_MS }, (_error, _stdout, stderr) =>
      resolve(stderr),
    );
  });
}
