import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { asAdmin } from '../support/admin.js';
import { openBrowser } from '../support/browser.js';
import { pageOf } from '../support/looks.js';
import { asPerson } from '../support/people.js';
import { at, type Open } from '../support/visit.js';
import { type LivedService, livedService } from './world.js';

// `npm run screens`: pictures of the main pages of a real service after a month of work, light and dark, in both languages, for README
// and docs. `npm run screens -- portal-home admin` makes those whose names begin so. Who works on the pages keeps the month
// (`--into /tmp/looks --widths 1280,375 --whole --stay`) and says names, or paths of any pages, once they are
// built; what is pressed there for a dialog follows the path (`/admin/users/lindgren>button.adjust`, a selector).

const HEIGHTS: Readonly<Record<string, number>> = { 1280: 800, 375: 740 };
const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    into: { type: 'string', default: 'docs/screens' },
    widths: { type: 'string', default: '1280' },
    /** Down to the end of the page, not the window's. */
    whole: { type: 'boolean', default: false },
    /** Then waits for lines of names that are to be taken again. */
    stay: { type: 'boolean', default: false },
  },
});

/** The newest charge, and why it is what it is. */
const explained: Open = Object.assign(
  async (...looked: Parameters<Open>) => {
    await asPerson('/portal/logs?type=consume')(...looked);
    const [{ page, settled }] = looked;
    const href = await page.locator('.table tbody a').first().getAttribute('href');
    const row = /[?&]row=(?:%22)?(\d+)/.exec(href ?? '')?.[1] ?? '';
    await asPerson(`/portal/logs/${row}`)(...looked);
    await settled();
  },
  { who: 'person' },
);

const screens: Readonly<Record<string, Open>> = {
  'portal-sign-in': at('/portal/sign-in'),
  'portal-home': asPerson('/portal'),
  'portal-top-up': asPerson('/portal/top-up'),
  'portal-plans': asPerson('/portal/plans'),
  'portal-billing': asPerson('/portal/billing'),
  'portal-keys': asPerson('/portal/keys'),
  'portal-connect': asPerson('/portal/connect'),
  'portal-usage': asPerson('/portal/usage'),
  'portal-logs': asPerson('/portal/logs'),
  'portal-call': explained,
  'portal-models': asPerson('/portal/models'),
  'portal-team': asPerson('/portal/team'),
  'portal-referrals': asPerson('/portal/referral'),
  'admin-overview': asAdmin('/admin'),
  'admin-users': asAdmin('/admin/users'),
  'admin-channels': asAdmin('/admin/channels'),
  'admin-prices': asAdmin('/admin/prices'),
  'admin-orders': asAdmin('/admin/orders'),
  'admin-plans': asAdmin('/admin/plans'),
  'admin-codes': asAdmin('/admin/codes'),
  'admin-teams': asAdmin('/admin/teams'),
  'admin-referrals': asAdmin('/admin/referrals'),
  'admin-verify': asAdmin('/admin/ledger/verify'),
  'admin-acts': asAdmin('/admin/acts'),
  'admin-logs': asAdmin('/admin/logs'),
};

/** What there is at a path, or once something was pressed there. */
function by(wanted: string): Open {
  const [path = '', ...pressed] = wanted.split('>');
  const open = path.startsWith('/admin') ? asAdmin(path) : asPerson(path);
  return Object.assign(
    async (...looked: Parameters<Open>) => {
      await open(...looked);
      const [{ page, settled }] = looked;
      for (const selector of pressed) {
        await page.locator(selector.replaceAll('_', ' ')).first().click();
        await settled();
      }
    },
    open.who !== undefined && { who: open.who },
  );
}

const nameOf = (path: string): string => path.slice(1).replaceAll(/[^a-z0-9-]+/gi, '-');

/** What a page measures below a small screen's bars, where it scrolls within. */
const INNER = `document.querySelector('.main')?.scrollHeight ?? 0`;
const BARS = 120;

async function photograph(
  { browser, language }: Speaking,
  { url, now }: Served,
  name: string,
  open: Open,
): Promise<void> {
  const choice = { language, theme: 'light' } as const;
  const { watched, faults } = await pageOf(browser, url, open.who, choice, [401]);
  const { page } = watched;
  // The browser's clock is the ledger's: "checked 9 hours ago" would be of another day.
  await page.clock.setFixedTime(now());
  await page.mouse.move(0, 0);
  await open(watched, choice);
  for (const width of asked.widths.split(',')) {
    const size = { width: Number(width), height: HEIGHTS[width] ?? 800 };
    await page.setViewportSize(size);
    await watched.settled();
    if (asked.whole) {
      const inner = await page.evaluate<number>(INNER);
      await page.setViewportSize({ ...size, height: Math.max(size.height, inner + BARS) });
    }
    for (const theme of ['light', 'dark'] as const) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      const narrow = width === '1280' ? '' : `.${width}`;
      const path = join(asked.into, `${name}.${language}${narrow}.${theme}.png`);
      await page.screenshot({ path, fullPage: asked.whole });
    }
  }
  await page.evaluate(`document.documentElement.dataset.theme = 'light'`);
  if (faults().length > 0) throw new Error(`${name}: ${faults().join('\n')}`);
}

type Served = Pick<LivedService, 'url' | 'now'>;

/** A browser in one language. */
interface Speaking {
  readonly browser: Browser;
  readonly language: 'en' | 'zh';
}

/** All whose names begin as one of these, and what is no name but a page's path; all there are where nothing is said. */
async function photographAll(served: Served, wanted: readonly string[]): Promise<void> {
  const isWanted = (name: string) => wanted.length === 0 || wanted.some((begin) => name.startsWith(begin));
  const named = Object.entries(screens).filter(([name]) => isWanted(name));
  const paths = wanted
    .filter((each) => each.startsWith('/'))
    .map((path) => [nameOf(path), by(path)] as const);
  for (const language of ['en', 'zh'] as const) {
    const browser = await openBrowser(language === 'zh' ? 'zh-CN' : 'en-US');
    try {
      for (const [name, open] of [...named, ...paths])
        await photograph({ browser, language }, served, name, open);
    } finally {
      await browser.close();
    }
  }
}

/** Without them the letters are those of whatever machine this is, and Chinese is boxes. */
function needFonts(): void {
  const families = execFileSync('fc-list', [':', 'family'], { encoding: 'utf8' });
  for (const [family, debian] of [
    ['Liberation Sans', 'fonts-liberation'],
    ['Noto Sans CJK SC', 'fonts-noto-cjk'],
  ] as const)
    if (!families.includes(family))
      throw new Error(`The pictures need ${family}. Debian and Ubuntu: sudo apt-get install -y ${debian}.`);
}

needFonts();
await mkdir(asked.into, { recursive: true });
const service = await livedService();
try {
  await photographAll(service, positionals);
  if (asked.stay) {
    console.log('Names of pictures to be taken again, or nothing for all of them:');
    for await (const line of createInterface({ input: process.stdin }))
      await photographAll(
        { url: await service.restart(), now: service.now },
        line.split(' ').filter(Boolean),
      ).then(
        () => console.log('taken'),
        (error: unknown) => console.error(error),
      );
  }
} finally {
  await service.close();
}
