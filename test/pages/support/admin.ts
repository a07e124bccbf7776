import { OPERATOR } from '../../acceptance/support/operator.js';
import type { Open } from './looks.js';

interface Who {
  readonly name: string;
  readonly password: string;
}

/** Signs in to Admin by its page, and waits for the page that was asked for, with its data. */
export const asOperator =
  ({ name, password }: Who, path: string): Open =>
  async ({ page }) => {
    await page.goto(`/admin/sign-in?next=${encodeURIComponent(path)}`);
    await page.locator('input[name=name]').fill(name);
    await page.locator('input[name=password]').fill(password);
    await page.locator('button[type=submit]').click();
    await page.waitForURL(`**${path}`);
    await page.locator('.page-head h1').waitFor();
    await page.waitForLoadState('networkidle');
  };

/** As the first admin, whom `signInAdmin` made. */
export const asAdmin = (path: string): Open => asOperator(OPERATOR, path);
