import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = [
  'docs/architecture.md',
  'docs/upstream-types.md',
  'docs/adr/README.md',
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md',
  'docs/threat-model.md',
];

/** Paths of files and folders of this repository in backquotes, placeholders left out; of `src` also without it. */
const pathsIn = (text: string): readonly string[] =>
  [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)]
    .map(([, path]) => path as string)
    .filter((path) => /\.(ts|md|cjs|mjs|json)$/.test(path) || path.startsWith('src/'));

it.each(pages)('%s names no file that is not there', (page) => {
  const missing = pathsIn(readFileSync(root + page, 'utf8')).filter(
    (path) => !existsSync(root + path) && !existsSync(`${root}src/${path}`),
  );
  expect(missing).toEqual([]);
});

it.each(pages)('%s links to no page that is not there', (page) => {
  const folder = page.includes('/') ? page.slice(0, page.lastIndexOf('/') + 1) : '';
  const links = [...readFileSync(root + page, 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
    ([, link]) => link as string,
  );
  expect(links.filter((link) => !link.startsWith('/') && !existsSync(root + folder + link))).toEqual([]);
});

/** Rows of the tables that have a column for tests. */
const rowsWithTests = (text: string): readonly string[] => {
  const tables = text.split(/\n\n+/).filter((block) => /^\|.*\btest\b.*\|\n\| *-/.test(block));
  return tables.flatMap((table) => table.trimEnd().split('\n').slice(2));
};

it.each(['SECURITY.md', 'docs/threat-model.md'])('%s claims nothing without a test that shows it', (page) => {
  const rows = rowsWithTests(readFileSync(root + page, 'utf8'));
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter((row) => !pathsIn(row).some((path) => path.endsWith('.test.ts')))).toEqual([]);
});
