import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { ensureProgram } from '../../support/programs.js';

// One browser for a suite; each look at the pages is a context of its own, with nothing kept.

/** What does not come within this time does not come: a suite must not wait for it at each step. */
const PATIENCE_MS = 30_000;

/** The policy's reports go to the console, where they are read. */
const TELL_POLICY = `document.addEventListener('securitypolicyviolation', (report) =>
  console.error('policy: ' + report.violatedDirective + ' ' + report.blockedURI));`;

/** What people choose of a page. */
export interface Choice {
  readonly language: 'en' | 'zh';
  readonly theme: 'light' | 'dark';
}

/** A page, and all that went wrong on it. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the console and of scripts, reports of the policy, requests to other hosts. Empty where all is well. */
  readonly faults: readonly string[];
  /** Waits until nothing was on its way for a moment, so that the page shows what it asked for. */
  readonly settled: () => Promise<void>;
}

/** Where a program lies, as who launches the browser wants its whole path; undefined where it is not on the PATH. */
function onPath(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Chromium without windows: the same engine, and half of the work, most of it the windows' own. Debian has it, Ubuntu and brew do not. */
const WITHOUT_WINDOWS = 'chromium-headless-shell';

/** The system's Chromium, which is installed where it is missing and that is possible. */
async function chromiumPath(): Promise<string> {
  const there = () => onPath(WITHOUT_WINDOWS) ?? onPath('chromium');
  if (there() === undefined) {
    const shell = ensureProgram(WITHOUT_WINDOWS, { debian: WITHOUT_WINDOWS, brew: 'chromium' });
    await shell.catch(() => ensureProgram('chromium', { debian: 'chromium', brew: 'chromium' }));
  }
  const path = there();
  if (path === undefined) throw new Error('chromium is not on the PATH');
  return path;
}

/** @param language of the browser itself, in which it writes days and months */
export async function openBrowser(language = 'en-US'): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--lang=${language}`],
    env: { ...process.env, LANGUAGE: language },
  });
}

/**
 * Opens a page that is watched from its first request.
 * @param expected statuses of answers that the test itself brings about: the browser reports each as an error
 */
export async function watch(
  browser: Browser,
  url: string,
  { language, theme }: Choice = { language: 'en', theme: 'light' },
  expected: readonly number[] = [],
): Promise<Watched> {
  const context = await browser.newContext({
    baseURL: url,
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    // Colours are looked at, not the way between them.
    reducedMotion: 'reduce',
  });
  const faults: string[] = [];
  await context.addInitScript({
    content: `localStorage.setItem('counterfoil.theme', '${theme}');${TELL_POLICY}`,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const isExpected = (text: string) =>
    expected.some((status) => text.includes(`the server responded with a status of ${status} `));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`) && !request.url().startsWith('data:'))
      faults.push(`a request to ${request.url()}`);
  });
  return { page, context, faults, settled: settling(page) };
}

/** So long after an answer a page has asked for what it made it ask for. */
const QUIET_MS = 150;

/** The browser's own word for it is said once a document, not again when a page leads to another by itself. */
function settling(page: Page): () => Promise<void> {
  let underWay = 0;
  let since = performance.now();
  const move = (by: number) => (): void => {
    underWay += by;
    since = performance.now();
  };
  page.on('request', move(1));
  page.on('requestfinished', move(-1));
  page.on('requestfailed', move(-1));
  return async () => {
    since = performance.now();
    for (let left = QUIET_MS; underWay > 0 || left > 0; left = QUIET_MS - (performance.now() - since))
      await page.waitForTimeout(Math.max(left, 20));
  };
}
