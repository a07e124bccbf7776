import { describe, expect, it } from '@jest/globals';
import { behind, declaredIn, olderSections, titleOf, translatedIn, upToDate } from './note.js';
import { textsOf, translatedPages } from './pages.js';
import { sectionsOf, shapeOf } from './sections.js';

const original =
  '# Page\n\nOf it.\n\n## One\n\nFirst.\n\n```sh\n# no heading\nls   # all\n```\n\n## Two\n\nSecond.\n';
const translation =
  '# 页\n\n一段。\n\n## 一\n\n第一。\n\n```sh\n# 不是标题\nls   # 全部\n```\n\n## 二\n\n第二。\n';
const source = { path: 'docs/page.md', text: original };
const page = upToDate(translation, source);

describe('a page in another language', () => {
  it('says of which sections it is the translation, once', () => {
    expect([...(translatedIn(page)?.keys() ?? [])]).toEqual(['# Page', '## One', '## Two']);
    expect(upToDate(page, source)).toBe(page);
    expect(olderSections(page, original)).toEqual([]);
  });

  it('is older where its original was changed, got a section or lost one', () => {
    const changed = original.replace('First.', 'First and last.').replace('## Two', '## Three');
    expect(olderSections(page, changed)).toEqual(['## One', '## Three', '## Two']);
    expect(olderSections(page, original.replace('no heading', 'nothing'))).toEqual(['## One']);
    expect(olderSections(translation, original)).toEqual(['# Page', '## One', '## Two']);
  });

  it('is not older where its original was only formatted', () => {
    expect(olderSections(page, original.replace('Of it.', 'Of\nit.'))).toEqual([]);
  });

  it('tells the second of two sections with one heading apart', () => {
    const twice = `${original}\n## One\n\nAgain.\n`;
    const both = upToDate(page, { path: 'docs/page.md', text: twice });
    expect(olderSections(both, twice.replace('Again.', 'Anew.'))).toEqual(['## One (2)']);
  });

  it('may tell its readers in what it is older, and no longer than it is', () => {
    const text = original.replace('First.', 'Other.');
    const told = behind(page, { ...source, text });
    expect(declaredIn(told)).toEqual(['One']);
    expect(told).toContain(
      '# 页\n\n> 英文版 docs/page.md 的以下部分已有更新，请以英文版为准：「One」\n\n一段。',
    );
    expect(behind(told, { ...source, text })).toBe(told);
    expect(olderSections(told, text)).toEqual(['## One']);
    expect(declaredIn(upToDate(told, { ...source, text }))).toEqual([]);
    expect(behind(told, source)).toBe(page);
  });

  it('has the sections, code and rows of its original, whatever the comments say', () => {
    expect(sectionsOf(original)).toHaveLength(3);
    expect(shapeOf(translation)).toEqual(shapeOf(original));
    expect(shapeOf(translation.replace('ls', 'rm'))).not.toEqual(shapeOf(original));
  });
});

const pages = (await translatedPages()).map((each) => ({ ...each, name: each.path }));

describe.each(pages)('$name', (each) => {
  const { path, originalPath } = each;

  it('is no older than its original, or tells its readers where', async () => {
    const { page, original } = await textsOf(each);
    const [older, declared] = [olderSections(page, original).map(titleOf), declaredIn(page)];
    const untold = older.filter((title) => !declared.includes(title));
    const overtold = declared.filter((title) => !older.includes(title));
    if (untold.length + overtold.length > 0)
      throw new Error(
        `${path} is older than ${originalPath} in: ${older.join(', ')}. Bring it up to date, then \`npm run docs:translated ${path}\`. ` +
          `Who cannot lets it tell its readers: \`npm run docs:translated -- --behind ${path}\`.`,
      );
  });

  it('has what its original has, in the same order', async () => {
    const { page, original } = await textsOf(each);
    if (declaredIn(page).length === 0) expect(shapeOf(page)).toEqual(shapeOf(original));
  });

  it('and its original lead to each other', async () => {
    const { page, original } = await textsOf(each);
    const inDocs = path.startsWith('docs/');
    const top = (text: string) => text.split('\n', 6);
    const from = inDocs ? path.slice('docs/'.length) : path;
    const back = inDocs ? `../${originalPath.slice('docs/'.length)}` : originalPath;
    expect(top(original)).toContain(`English · [中文](${from})`);
    expect(top(page)).toContain(`[English](${back}) · 中文`);
  });
});
