import type { Page } from 'playwright-core';
import type { Choice, Watched } from './browser.js';

/** How a page is come to, until what it shows is there. */
export interface Open {
  (watched: Watched, choice: Choice): Promise<unknown>;
  /** Who has to be signed in for it; nobody where it is not said. Whoever it is, is signed in once and then goes from page to page. */
  readonly who?: string;
}

/** Goes to a path and waits for its heading, signed in or not. */
export const at =
  (path: string): Open =>
  async ({ page, settled }) => {
    await page.goto(path);
    await page.locator('h1').waitFor();
    await settled();
  };

/** Who is signed in where: an operator is so for as long as the document lives. */
const signedIn = new WeakMap<Page, string>();
/** Leads by way of this page of the same console, because a heading that is still there says nothing about the page that is to come. */
const nowhereIn = (path: string): string =>
  path.startsWith('/admin') ? '/admin/nowhere' : '/portal/nowhere';

/** A page of somebody who is signed in, or signs in for it. */
export function asWho(who: string, path: string, signIn: (page: Page, path: string) => Promise<void>): Open {
  const open = async ({ page, settled }: Watched): Promise<void> => {
    if (signedIn.get(page) === who) {
      await lead(page, nowhereIn(path));
      await lead(page, path);
    } else {
      await signIn(page, path);
      signedIn.set(page, who);
      await page.waitForURL(`**${path}`);
    }
    await page.locator('.page-head h1').waitFor();
    await settled();
  };
  return Object.assign(open, { who });
}

/** Within the document, as a link does it, until there is another heading. */
async function lead(page: Page, path: string): Promise<void> {
  await page.evaluate(`for (const heading of document.querySelectorAll('h1')) heading.dataset.left = '';
    history.pushState({}, '', ${JSON.stringify(path)})`);
  await page.locator('h1:not([data-left])').waitFor();
}
