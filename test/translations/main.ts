import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { behind, olderSections, upToDate } from './note.js';
import { root, textsOf, translatedPages } from './pages.js';

/**
 * `npm run docs:translated -- [--behind] <page>…`: writes into translations of which contents of their originals they are, or that they
 * are older.
 */
const { values, positionals } = parseArgs({
  options: { behind: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const pages = await translatedPages();
const unknown = positionals.filter((path) => !pages.some((page) => page.path === path));
if (positionals.length === 0 || unknown.length > 0) {
  console.error(
    `${unknown.length > 0 ? `${unknown.join(', ')}: no translation` : 'Which page?'}. There are ${pages.map(({ path }) => path).join(', ')}.`,
  );
  process.exit(2);
}
for (const page of pages.filter(({ path }) => positionals.includes(path))) {
  const { page: text, original } = await textsOf(page);
  const sections = olderSections(text, original).join(', ') || 'nothing';
  const write = values.behind ? behind : upToDate;
  await writeFile(root + page.path, write(text, { path: page.originalPath, text: original }));
  console.log(
    `${page.path}: ${values.behind ? 'is behind in' : 'has been brought up to date in'} ${sections}`,
  );
}
