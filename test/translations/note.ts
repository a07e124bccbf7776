import { digestOf, sectionsOf } from './sections.js';

/** What a translation says of its original at its end: of each section a digest, as it was when it was translated. */
type Translated = ReadonlyMap<string, string>;

const NOTE = /\n<!-- translated from (\S+); `npm run docs:translated` writes this\n(.*?)-->\n/s;
/** What a reader is told of a translation that its original has gone past. */
const BEHIND = /^> 英文版.*\n\n/m;

/** Undefined where the page does not say. */
export function translatedIn(page: string): Translated | undefined {
  const lines = NOTE.exec(page)?.[2]?.trimEnd().split('\n');
  return lines && new Map(lines.map((line) => [line.slice(13), line.slice(0, 12)]));
}

/** Headings of the original whose sections are others than those that were translated: changed, new, gone. */
export function olderSections(page: string, original: string): readonly string[] {
  const then = translatedIn(page) ?? new Map<string, string>();
  const now = currentOf(original);
  const changed = [...now].filter(([heading, digest]) => then.get(heading) !== digest);
  const gone = [...then].filter(([heading]) => !now.has(heading));
  return [...changed, ...gone].map(([heading]) => heading);
}

/** A heading as readers see it. */
export const titleOf = (heading: string): string => heading.replace(/^#+ /, '');

/** Titles of the sections that the page itself tells its readers to read in the original. */
export const declaredIn = (page: string): readonly string[] => {
  const declared = BEHIND.exec(page)?.[0] ?? '';
  return [...declared.matchAll(/「(.*?)」/g)].map(([, title]) => title as string);
};

/** The page as the translation of the original as it is now. */
export function upToDate(page: string, { path, text }: Original): string {
  const lines = [...currentOf(text)].map(([heading, digest]) => `${digest} ${heading}\n`);
  const note = `\n<!-- translated from ${path}; \`npm run docs:translated\` writes this\n${lines.join('')}-->\n`;
  return `${withoutNotice(page).replace(NOTE, '').trimEnd()}\n${note}`;
}

/** The page, telling its readers below its title which sections to read in the original. */
export function behind(page: string, { path, text }: Original): string {
  const sections = olderSections(page, text).map((heading) => `「${titleOf(heading)}」`);
  const notice = `> 英文版 ${path} 的以下部分已有更新，请以英文版为准：${sections.join('')}\n\n`;
  const bare = withoutNotice(page);
  return sections.length === 0 ? bare : bare.replace(/^# .*\n\n/m, (title) => title + notice);
}

interface Original {
  readonly path: string;
  readonly text: string;
}

const withoutNotice = (page: string): string => page.replace(BEHIND, '');

/** A second section of the same heading is told apart by its number. */
function currentOf(original: string): Translated {
  const digests = new Map<string, string>();
  for (const section of sectionsOf(original)) {
    let [heading, times] = [section.heading, 1];
    while (digests.has(heading)) heading = `${section.heading} (${(times += 1)})`;
    digests.set(heading, digestOf(section));
  }
  return digests;
}
