import type { Browser } from 'playwright-core';
import { accessibilityFaults } from './accessible.js';
import { type Choice, watch, type Watched } from './browser.js';

const LANGUAGES = ['en', 'zh'] as const;
const THEMES = ['light', 'dark'] as const;
const SIZES = [
  { width: 1280, height: 800 },
  { width: 375, height: 740 },
] as const;

/** How a page is come to, until what it shows is there. */
export type Open = (watched: Watched, choice: Choice) => Promise<unknown>;

/**
 * Opens a page in both languages and looks at it light and dark, wide and narrow.
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
    const watched = await watch(browser, url, { language, theme: 'light' }, expected);
    const { context, faults, page } = watched;
    await open(watched, { language, theme: 'light' });
    const spoken = await page.evaluate<string>('document.documentElement.lang');
    if (!spoken.startsWith(language)) found.push(`the page speaks ${spoken} instead of ${language}`);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      for (const theme of THEMES) {
        await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
        const look = `${language} ${theme} ${size.width}`;
        const widest = await page.evaluate<number>('document.documentElement.scrollWidth');
        if (widest > size.width) found.push(`${look}: scrolls sideways, ${widest} px`);
        found.push(...(await accessibilityFaults(page)).map((fault) => `${look}: ${fault}`));
      }
    }
    found.push(...faults.map((fault) => `${language}: ${fault}`));
    await context.close();
  }
  return found;
}
