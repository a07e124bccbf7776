import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

const FOLDER = 'docs/zh-CN/';

export interface TranslatedPage {
  /** Both from the root of the repository. */
  readonly path: string;
  readonly originalPath: string;
}

/** Every page of the folder is the page of that name in docs, in Chinese. */
export async function translatedPages(): Promise<readonly TranslatedPage[]> {
  const names = await readdir(root + FOLDER);
  return [
    { path: 'README.zh-CN.md', originalPath: 'README.md' },
    ...names.sort().map((name) => ({ path: FOLDER + name, originalPath: `docs/${name}` })),
  ];
}

export async function textsOf({ path, originalPath }: TranslatedPage) {
  const [page, original] = await Promise.all(
    [path, originalPath].map((each) => readFile(root + each, 'utf8')),
  );
  return { page: page as string, original: original as string };
}
