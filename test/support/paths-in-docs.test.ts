import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { translatedPages } from '../translations/pages.js';
import { sectionsOf } from '../translations/sections.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const translations = await translatedPages();
const pages = [
  'docs/architecture.md',
  'docs/upstream-types.md',
  'docs/adr/README.md',
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md',
  'docs/threat-model.md',
  'docs/front-end.md',
  'docs/operators.md',
  'docs/finance.md',
  ...translations.map(({ path }) => path),
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

/** Where a heading is found on its page, as GitHub has it. */
const fragmentOf = (heading: string): string =>
  heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

it.each(pages)('%s links to no heading that is not there', (page) => {
  const links = [...readFileSync(root + page, 'utf8').matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)];
  const missing = links.filter(([, path, fragment]) => {
    const target = path ? new URL(path, `file://${root}${page}`) : root + page;
    return !sectionsOf(readFileSync(target, 'utf8')).some(({ heading }) => fragmentOf(heading) === fragment);
  });
  expect(missing.map(([link]) => link)).toEqual([]);
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
