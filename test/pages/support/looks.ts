import type { Browser } from 'playwright-core';
import { accessibilityFaults, colourFaults } from './accessible.js';
import { type Choice, watch, type Watched } from './browser.js';
import type { Open } from './visit.js';

const LANGUAGES = ['en', 'zh'] as const;
const THEMES = ['light', 'dark'] as const;
const SIZES = [
  { width: 1280, height: 800 },
  { width: 375, height: 740 },
] as const;

/** Pages that were opened, by who is signed in there and how; they are closed with their browser. */
const kept = new WeakMap<Browser, Map<string, Watched>>();

/** The page of somebody in one language, with what goes wrong on it from now on. A page with a history is not a page with old faults. */
export async function pageOf(
  browser: Browser,
  url: string,
  who: string | undefined,
  choice: Choice,
  expected: readonly number[] = [],
): Promise<{ readonly watched: Watched; readonly faults: () => readonly string[] }> {
  const pages = kept.get(browser) ?? new Map<string, Watched>();
  kept.set(browser, pages);
  const key = [who, choice.language, ...expected].join(' ');
  const watched = pages.get(key) ?? (await watch(browser, url, choice, expected));
  pages.set(key, watched);
  await watched.page.setViewportSize(SIZES[0]);
  const before = watched.faults.length;
  return { watched, faults: () => watched.faults.slice(before) };
}

/**
 * Opens a page in both languages and looks at it light and dark, wide and narrow. A theme changes nothing but colours, and is asked about
 * nothing else; a language changes words, so that a narrow page is asked in the other one about what depends on how long they are.
 * @returns all faults: of axe, the policy, the console, foreign requests, and pages wider than the window
 */
export async function faultsOf(
  browser: Browser,
  url: string,
  open: Open,
  expected: readonly number[] = [],
): Promise<string[]> {
  const found: string[] = [];
  for (const language of LANGUAGES) {
    const choice = { language, theme: 'light' } as const;
    const { watched, faults } = await pageOf(browser, url, open.who, choice, expected);
    const { page } = watched;
    await open(watched, choice);
    const spoken = await page.evaluate<string>('document.documentElement.lang');
    if (!spoken.startsWith(language)) found.push(`the page speaks ${spoken} instead of ${language}`);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const isAgain = language !== 'en' && size !== SIZES[0];
      const faultsHere = await accessibilityFaults(page, isAgain ? 'layout' : 'structure');
      found.push(...faultsHere.map((fault) => `${language} ${size.width}: ${fault}`));
      for (const theme of THEMES) {
        await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
        const look = `${language} ${theme} ${size.width}`;
        const widest = await page.evaluate<number>('document.documentElement.scrollWidth');
        if (widest > size.width) found.push(`${look}: scrolls sideways, ${widest} px`);
        found.push(...(await colourFaults(page)).map((fault) => `${look}: ${fault}`));
      }
      await page.evaluate(`document.documentElement.dataset.theme = 'light'`);
    }
    found.push(...faults().map((fault) => `${language}: ${fault}`));
  }
  return found;
}
