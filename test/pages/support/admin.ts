import { OPERATOR } from '../../acceptance/support/operator.js';
import { asWho, type Open } from './visit.js';

interface Who {
  readonly name: string;
  readonly password: string;
}

/** A page of Admin for an operator, with its data. */
export const asOperator = ({ name, password }: Who, path: string): Open =>
  asWho(`operator ${name}`, path, async (page, next) => {
    await page.goto(`/admin/sign-in?next=${encodeURIComponent(next)}`);
    await page.locator('input[name=name]').fill(name);
    await page.locator('input[name=password]').fill(password);
    await page.locator('button[type=submit]').click();
  });

/** As the first admin, whom `signInAdmin` made. */
export const asAdmin = (path: string): Open => asOperator(OPERATOR, path);
