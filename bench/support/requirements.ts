import { accessSync, constants } from 'node:fs';
import { cpus } from 'node:os';
import { delimiter, join } from 'node:path';

/** Program -> the Debian package that has it. */
const PACKAGES = {
  nginx: 'nginx-light',
  psql: 'postgresql-client',
  'redis-server': 'redis-server',
  taskset: 'util-linux',
} as const;

type Program = keyof typeof PACKAGES;

/**
 * Ends the process before anything is started, with all that is missing and how it is installed. Every benchmark needs Linux and two
 * cores: the measured processes have one of their own.
 */
export function requirePrograms(programs: readonly Program[]): void {
  const missing = programs.filter((program) => !isOnPath(program));
  const lines = [
    process.platform === 'linux'
      ? ''
      : `This benchmark needs Linux (/proc, taskset), not ${process.platform}.`,
    cpus().length >= 2 ? '' : 'This benchmark needs two cores.',
    missing.length === 0
      ? ''
      : `This benchmark needs ${missing.join(', ')} on the PATH. Debian and Ubuntu: sudo apt-get install -y ${missing.map((program) => PACKAGES[program]).join(' ')}`,
  ].filter((line) => line !== '');
  if (lines.length === 0) return;
  console.error(lines.join('\n'));
  process.exit(2);
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
