import type { Page } from 'playwright-core';
import { codeAt } from '../../http/support/authenticator.js';

/** Types codes of an authenticator as a person would, each step at most once. */
export function openAuthenticator(secret: string) {
  let last = -1;
  return {
    /** A code that was not given before; waits for the next where this one was. */
    next: async (page: Page): Promise<string> => {
      for (;;) {
        const step = Math.floor(Date.now() / 30_000);
        if (step > last) {
          last = step;
          return codeAt(secret, new Date());
        }
        // One step ahead is taken as well, and is another code.
        if (step + 1 > last) {
          last = step + 1;
          return codeAt(secret, new Date(), 1);
        }
        await page.waitForTimeout(500);
      }
    },
  };
}
