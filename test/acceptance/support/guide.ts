/** The blocks of one language on a page, in their order; `''`: those that name none. */
export const blocksOf = (page: string, language: string): readonly string[] =>
  [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, named, block = '']) =>
    named === language ? [block] : [],
  );

/** What lies below a heading of the second level. */
export const sectionBelow = (page: string, heading: string): string =>
  page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

/** The JSON objects among lines of output. */
export const answersIn = (output: string): readonly unknown[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown);

/** Whether a page may show this for what was answered: members may be left out, and a text that ends with `…` goes on in some way. */
export function agrees(shown: unknown, given: unknown): boolean {
  if (typeof shown === 'string' && shown.endsWith('…'))
    return (
      ['string', 'number'].includes(typeof given) &&
      `${given as string | number}`.startsWith(shown.slice(0, -1))
    );
  if (typeof shown !== 'object' || shown === null) return shown === given;
  if (typeof given !== 'object' || given === null || Array.isArray(shown) !== Array.isArray(given))
    return false;
  if (Array.isArray(shown) && shown.length !== (given as readonly unknown[]).length) return false;
  return Object.entries(shown).every(([name, value]) =>
    agrees(value, (given as Record<string, unknown>)[name]),
  );
}
