import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Where a file lies that is installed beside the program: the same whether this is read as it is written, below `src`, or out of the few
 * files that a build makes of it.
 * @param path from the folder of package.json
 */
export function installed(path: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, path);
    if (folder === dirname(folder))
      throw new Error(`package.json is in no folder above ${import.meta.dirname}`);
  }
}
