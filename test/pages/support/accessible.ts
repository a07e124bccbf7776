import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { CDPSession, Page } from 'playwright-core';
import { COLLECT, looked } from './colours.js';

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What depends on nothing but colours. */
const COLOURS = ['color-contrast', 'link-in-text-block'];
const off = Object.fromEntries(COLOURS.map((rule) => [rule, { enabled: false }]));
const colours = { runOnly: { type: 'rule', values: COLOURS } };

const RULES = {
  all: { runOnly: { type: 'tag', values: TAGS } },
  /** All but colours. */
  structure: { runOnly: { type: 'tag', values: TAGS }, rules: off },
  /** What is asked about where things stand and how large they are: the same words elsewhere may answer otherwise. */
  layout: { runOnly: { type: 'rule', values: ['target-size', 'scrollable-region-focusable'] } },
} as const;

/** There is no film and no style from elsewhere, which it would fetch before it looks. */
const COMMON = { resultTypes: ['violations'], preload: false };

/**
 * What axe finds against WCAG 2.2 AA on a page as it stands, one line a node. The page's own policy forbids foreign scripts, so this one
 * comes by the debugger's way.
 */
export const accessibilityFaults = (page: Page, rules: keyof typeof RULES): Promise<string[]> =>
  withAxe(page, (evaluate) =>
    evaluate<string[]>(`(${TELL})(document, ${JSON.stringify({ ...RULES[rules], ...COMMON })})`),
  );

/** What axe says of colours that no page of this run has shown yet; most pages have none. What is at fault is said on each. */
export const colourFaults = (page: Page): Promise<string[]> =>
  withAxe(page, async (evaluate) => {
    const unseen = (await evaluate<string[]>(COLLECT)).filter((key) => !looked.has(key));
    if (unseen.length === 0) return [];
    const found = await evaluate<string[]>(
      `(${TELL})({ include: ${JSON.stringify(unseen)}.flatMap((key) => globalThis.shownColours.get(key)) },
        ${JSON.stringify({ ...colours, ...COMMON })})`,
    );
    if (found.length === 0) for (const key of unseen) looked.add(key);
    return found;
  });

const TELL = `async (where, options) => (await axe.run(where, options)).violations.flatMap(({ id, nodes }) =>
  nodes.map(({ html, failureSummary = '' }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary))`;

type Evaluate = <Value>(expression: string) => Promise<Value>;
/** One way to the debugger a page, as long as it is open. */
const sessions = new WeakMap<Page, CDPSession>();

async function withAxe<Found>(page: Page, look: (evaluate: Evaluate) => Promise<Found>): Promise<Found> {
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page));
  sessions.set(page, session);
  const evaluate = async <Value>(expression: string) => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      allowUnsafeEvalBlockedByCSP: true,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as Value;
  };
  if ((await evaluate('typeof axe')) === 'undefined') await evaluate(`${await source}; undefined`);
  return look(evaluate);
}
