import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** @returns the text of a file; undefined where there is none */
export const textOf = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/**
 * What a build is made of, as one figure: it needs no other where that of the last one is the same.
 * @param root folder that names are told from
 * @param paths files, and folders with all that is in them but what npm or a build put there
 */
export function digestOf(root, paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths.flatMap((each) => filesIn(join(root, each))))
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

function filesIn(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((name) => !/\/(node_modules|generated)\//.test(name))
    .sort();
}
