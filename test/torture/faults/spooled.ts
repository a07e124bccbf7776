import { access, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file of a relay's spool. */
export interface Spooled {
  readonly path: string;
  /** Of the calls whose charges are in it, as their callers named them. */
  readonly requestIds: readonly string[];
}

/** The files of a spool whose process has ended. One that was cut off before its first line says nothing and is kept for nobody. */
export async function spooledCharges(dataDir: string): Promise<readonly Spooled[]> {
  const folder = join(dataDir, 'spool');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.spool'));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path, text: await readFile(path, 'utf8') };
    }),
  );
  return files
    .filter(({ text }) => text.trim() !== '')
    .map(({ path, text }) => ({ path, requestIds: text.split('\n').flatMap(requestIdIn) }));
}

/** The first line says whose the file is, the last one may be half of one. */
function requestIdIn(line: string): string[] {
  try {
    const { charge } = JSON.parse(line) as { charge?: { request_id?: string } };
    return charge?.request_id === undefined ? [] : [charge.request_id];
  } catch {
    return [];
  }
}

/** Files that are to wait for a person and do not. */
export async function whichAreNotAside(files: readonly Spooled[]): Promise<readonly string[]> {
  const found = await Promise.all(
    files.map(({ path }) =>
      access(join(dirname(path), 'set-aside', basename(path))).then(
        () => [],
        () => [path],
      ),
    ),
  );
  return found.flat();
}
