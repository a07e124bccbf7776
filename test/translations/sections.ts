import { createHash } from 'node:crypto';

/** A heading and what stands below it, up to the next. */
export interface Section {
  /** As it stands in the text, `## Keys and scopes`. */
  readonly heading: string;
  readonly text: string;
}

/** Of a page of Markdown, in their order. A line of code that begins with `#` is none; what stands before the first has no heading. */
export function sectionsOf(page: string): readonly Section[] {
  const sections: { heading: string; lines: string[] }[] = [{ heading: '', lines: [] }];
  let inCode = false;
  for (const line of page.split('\n')) {
    if (line.startsWith('```')) inCode = !inCode;
    if (!inCode && /^#{1,6} /.test(line)) sections.push({ heading: line, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections
    .map(({ heading, lines }) => ({ heading, text: lines.join('\n') }))
    .filter(({ heading, text }) => heading !== '' || text.trim() !== '');
}

/** Of heading and text, 12 hex digits of SHA-256. How lines are broken and tables padded is no part of it: that is the formatter's. */
export function digestOf({ heading, text }: Section): string {
  const unpadded = `${heading}\n${text}`.replaceAll(/-{3,}/g, '---').replaceAll(/\s+/g, ' ').trim();
  return createHash('sha256').update(unpadded).digest('hex').slice(0, 12);
}

/** What the same page has in every language: per section the level of its heading, its blocks of code without comments, its rows. */
export const shapeOf = (page: string) =>
  sectionsOf(page).map(({ heading, text }) => ({
    level: heading.indexOf(' '),
    code: codeIn(text),
    rows: text.split('\n').filter((line) => line.startsWith('|')).length,
  }));

const codeIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```\w*\n(.*?)^```/gms)].map(([, code]) =>
    (code as string).replaceAll(/^# .*\n|[ ]+# .*$/gm, ''),
  );
